//! Serves the portal on port 3000, or on the address that is given: `portal [ADDRESS]`.

use std::error::Error;

use tokio::net::TcpListener;
use tryton_sdk::Client;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    let portal = tryton_sdk_portal::app(Client::from_env()?).await?;
    let listener = TcpListener::bind(&address).await?;
    println!("http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, portal).await?)
}
