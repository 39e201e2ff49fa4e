//! A private node that a test may kill: deploy/dev/rabbitmq.sh on a free port, ended with the test.

use std::path::PathBuf;
use std::process::Command;

pub(crate) struct Node {
    dir: PathBuf,
    pub(crate) url: String,
}

impl Node {
    pub(crate) fn start(name: &str) -> Self {
        let port = free_port();
        let dir = std::env::temp_dir().join(format!("nadhir-{name}-{port}"));
        let mut node = Self { dir, url: String::new() };
        let lines = node.script("start", &[&port.to_string()]);
        let url = lines.lines().find_map(|line| line.strip_prefix("NADHIR_AMQP_URL="));
        url.expect("the script prints NADHIR_AMQP_URL").clone_into(&mut node.url);
        node
    }

    pub(crate) fn kill(&self) {
        self.script("kill", &[]);
    }

    pub(crate) fn restart(&self) {
        self.script("restart", &[]);
    }

    pub(crate) fn ctl(&self, arguments: &[&str]) -> String {
        self.script("ctl", arguments)
    }

    fn script(&self, verb: &str, arguments: &[&str]) -> String {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/dev/rabbitmq.sh");
        let output =
            Command::new(script).arg(verb).arg(&self.dir).args(arguments).output().expect("run the script");
        assert!(output.status.success(), "{verb}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/dev/rabbitmq.sh");
        let _ = Command::new(script).arg("stop").arg(&self.dir).status();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// Free now, and with room for the two ports that the script derives.
fn free_port() -> u16 {
    (0..200)
        .find_map(|_| {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").ok()?;
            let port = listener.local_addr().ok()?.port();
            let derived: [u16; 2] =
                if port <= 45_535 { [port + 10_000, port + 20_000] } else { [port - 10_000, port - 20_000] };
            derived
                .iter()
                .all(|port| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok())
                .then_some(port)
        })
        .expect("three free ports")
}
