//! One engine behind TCP, in one thread that waits for its sockets as redis-server does (epoll): what redis-benchmark
//! is run against. `serve PORT`.
use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Result, Write};

use kilat_bench::{Client, Machine, now_ms};
use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};

/// Redis: PROTO_IOBUF_LEN.
const READ_BYTES: usize = 16 << 10;

const LISTENER: Token = Token(0);

struct Connection {
    stream: TcpStream,
    client: Client,
    out: Vec<u8>,
    /// Something is left of `out`.
    waits: bool,
}

fn main() -> Result<()> {
    let port: u16 = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .expect("serve PORT");
    let mut listener = TcpListener::bind(([127, 0, 0, 1], port).into())?;
    let mut poll = Poll::new()?;
    poll.registry()
        .register(&mut listener, LISTENER, Interest::READABLE)?;
    let mut events = Events::with_capacity(1024);
    let mut machine = Machine::new(now_ms());
    let mut connections: BTreeMap<Token, Connection> = BTreeMap::new();
    let mut next = 1;
    let mut buffer = vec![0; READ_BYTES];
    loop {
        poll.poll(&mut events, None)?;
        let now = now_ms();
        for event in &events {
            if event.token() == LISTENER {
                while let Ok((mut stream, _)) = listener.accept() {
                    stream.set_nodelay(true)?;
                    let token = Token(next);
                    next += 1;
                    poll.registry()
                        .register(&mut stream, token, Interest::READABLE)?;
                    let client = machine.connect(now);
                    let connection = Connection {
                        stream,
                        client,
                        out: Vec::new(),
                        waits: false,
                    };
                    connections.insert(token, connection);
                }
            } else if let Some(connection) = connections.get_mut(&event.token()) {
                let to_end = event.is_read_closed();
                if serve(now, &mut machine, connection, &mut buffer, to_end) {
                    connection.wait_for_room(&poll, event.token())?;
                } else if let Some(ended) = connections.remove(&event.token()) {
                    machine.disconnect(&ended.client);
                }
            }
        }
    }
}

impl Connection {
    /// Asks to be told when the client takes more, as long as something is left: as redis-server does, which is woken
    /// for nothing otherwise.
    fn wait_for_room(&mut self, poll: &Poll, token: Token) -> Result<()> {
        let waits = !self.out.is_empty();
        if waits == self.waits {
            return Ok(());
        }
        self.waits = waits;
        let interest = match waits {
            true => Interest::READABLE | Interest::WRITABLE,
            false => Interest::READABLE,
        };

        poll.registry()
            .reregister(&mut self.stream, token, interest)
    }
}

/// Reads all there is, runs it and writes what the client takes. A read that does not fill the buffer is the last one,
/// unless it is `to_end`. Answers `false` where the connection is at its end.
fn serve(
    now: u64,
    machine: &mut Machine,
    connection: &mut Connection,
    buffer: &mut [u8],
    to_end: bool,
) -> bool {
    let Connection {
        stream,
        client,
        out,
        ..
    } = connection;
    loop {
        match stream.read(buffer) {
            Ok(0) => return false,
            Ok(size) => {
                if !machine.feed(now, client, &buffer[..size], out) {
                    return false;
                }
                if size < buffer.len() && !to_end {
                    break;
                }
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(_) => return false,
        }
    }
    while !out.is_empty() {
        match stream.write(out) {
            Ok(size) => drop(out.drain(..size)),
            Err(error) => return error.kind() == ErrorKind::WouldBlock,
        }
    }

    true
}
