//! A real redis-server of one's own, on a private port and in a folder of its own; gone with its handle.
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use kilat::command::Reply;
use kilat::resp::decode;

pub struct Redis {
    process: Child,
    stream: TcpStream,
    received: Vec<u8>,
    folder: PathBuf,
}

impl Redis {
    /// Starts one on the data of `dump`, where there are any. `None`, said aloud, where redis-server is missing.
    pub fn start(name: &str, dump: Option<&[u8]>) -> Option<Redis> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let folder = std::env::temp_dir().join(format!("kilat-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        if let Some(dump) = dump {
            fs::write(folder.join("dump.rdb"), dump).unwrap();
        }
        let mut command = Command::new("redis-server");
        command.args([
            "--port",
            &port.to_string(),
            "--dir",
            folder.to_str().unwrap(),
        ]);
        command.args([
            "--save",
            "",
            "--appendonly",
            "no",
            "--enable-debug-command",
            "yes",
        ]);
        let Ok(process) = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn() else {
            eprintln!("SKIPPED: {name} needs redis-server, which is not installed");
            return None;
        };
        let begun = Instant::now();
        let stream = loop {
            if let Ok(stream) = TcpStream::connect(("127.0.0.1", port)) {
                break stream;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "redis-server does not answer"
            );
            std::thread::sleep(Duration::from_millis(10));
        };
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let mut redis = Redis {
            process,
            stream,
            received: Vec::new(),
            folder,
        };
        while redis.call(&[b"PING"]) != Reply::status("PONG") {
            std::thread::sleep(Duration::from_millis(10));
        }

        Some(redis)
    }

    pub fn call(&mut self, argv: &[&[u8]]) -> Reply {
        let mut request = format!("*{}\r\n", argv.len()).into_bytes();
        for word in argv {
            request.extend_from_slice(format!("${}\r\n", word.len()).as_bytes());
            request.extend_from_slice(word);
            request.extend_from_slice(b"\r\n");
        }
        self.stream.write_all(&request).unwrap();
        loop {
            if let Some((reply, len)) = decode(&self.received).unwrap() {
                self.received.drain(..len);
                return reply;
            }
            let mut buffer = [0; 1 << 16];
            let count = self.stream.read(&mut buffer).unwrap();
            assert!(count > 0, "redis-server has hung up");
            self.received.extend_from_slice(&buffer[..count]);
        }
    }

    /// What DEBUG DIGEST answers.
    pub fn digest(&mut self) -> String {
        match self.call(&[b"DEBUG", b"DIGEST"]) {
            Reply::Status(digest) => digest.into_owned(),
            other => panic!("{other:?}"),
        }
    }

    /// The bytes of a dump.rdb of its data.
    pub fn save(&mut self) -> Vec<u8> {
        assert_eq!(self.call(&[b"SAVE"]), Reply::OK);

        fs::read(self.folder.join("dump.rdb")).unwrap()
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
