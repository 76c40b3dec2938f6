//! A real nginx in front of a server.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running nginx. It stops when it is dropped.
#[derive(Debug)]
pub struct Nginx {
    process: Child,
    port: u16,
}

/// The time within which nginx must listen.
const STARTING: Duration = Duration::from_secs(30);

impl Nginx {
    /// Starts nginx on a free port with these directives in its `server` block. Its files are in `folder`.
    ///
    /// # Panics
    ///
    /// Panics if nginx is not installed or rejects the directives.
    #[must_use]
    pub fn start(folder: &Path, directives: &str) -> Self {
        fs::create_dir_all(folder).expect("a folder");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        let config = format!(
            "daemon off; master_process off; pid nginx.pid; error_log error.log;\n\
             events {{}}\n\
             http {{ access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;\n\
             uwsgi_temp_path uwsgi; scgi_temp_path scgi;\n\
             server {{ listen 127.0.0.1:{port}; {directives} }} }}\n"
        );
        fs::write(folder.join("nginx.conf"), config).expect("a file");
        let mut command = Command::new(if Path::new("/usr/sbin/nginx").exists() { "/usr/sbin/nginx" } else { "nginx" });
        command.arg("-p").arg(folder).args(["-c", "nginx.conf", "-e", "error.log"]);
        let process = command.stdin(Stdio::null()).spawn();
        let process = process.unwrap_or_else(|e| {
            panic!("nginx cannot be started ({e}): install it, as `apt-get install nginx-light` does on Debian")
        });
        let mut nginx = Self { process, port };
        let began = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = nginx.process.try_wait().expect("its state");
            let log = || fs::read_to_string(folder.join("error.log")).unwrap_or_default();
            assert!(ended.is_none() && began.elapsed() < STARTING, "nginx does not start: {}", log());
            std::thread::sleep(Duration::from_millis(10));
        }
        nginx
    }

    /// Returns its URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
