//! `cargo tryton ping`.

use clap::Args;

use crate::connection::Connection;
use crate::error::Error;

/// Ask whether server, database and login are well, and how long they take
#[derive(Args)]
pub(crate) struct Ping {
    #[command(flatten)]
    connection: Connection,
}

impl Ping {
    pub(crate) fn run(&self) -> Result<(), Error> {
        let client = self.connection.client()?;
        crate::block_on(async {
            let pong = client.ping().await?;
            println!("{pong}");
            Ok(client.logout().await?)
        })
    }
}
