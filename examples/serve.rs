//! A server over TCP around one engine, without storage: for redis-cli, redis-benchmark and Redis's own suite.
//!
//!     cargo run --example serve -- --port 6380
//!
//! One thread owns the engine; each connection has one more that reads its socket.
#![allow(clippy::disallowed_methods)]
use std::collections::{BTreeMap, VecDeque};
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use kilat::command::{Action, Reply, Settings};
use kilat::engine::{Engine, Outcome, Output};
use kilat::log::snapshot::{self, Aux, Due};
use kilat::resp::{Requests, encode};

enum Event {
    Opened(TcpStream),
    Read(u64, Vec<u8>),
    Closed(u64),
}

struct Connection {
    stream: TcpStream,
    requests: Requests,
    out: Vec<u8>,
    /// What the client has not taken yet.
    closing: bool,
}

struct Server {
    engine: Engine,
    connections: BTreeMap<u64, Connection>,
    events: Sender<Event>,
    /// Sessions with calls that wait for the end of a CLIENT PAUSE.
    paused: VecDeque<u64>,
    port: u16,
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);

    since.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(0))
}

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let port = args
        .windows(2)
        .find(|pair| pair[0] == "--port")
        .map_or(6379, |pair| pair[1].parse().expect("a port's number"));
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    let (events, received) = channel();
    let opened = events.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = opened.send(Event::Opened(stream));
        }
    });
    let mut engine = Engine::new(
        now_ms() ^ u64::from(std::process::id()),
        Settings::default(),
    );
    let facts = engine.facts_mut();
    facts.tcp_port = port;
    facts.started_ms = now_ms();
    facts.last_save_ms = now_ms();
    facts.run_id = format!("{:040x}", now_ms());
    println!("listening on 127.0.0.1:{port}");
    Server {
        engine,
        connections: BTreeMap::new(),
        events,
        paused: VecDeque::new(),
        port,
    }
    .run(&received);

    Ok(())
}

impl Server {
    fn run(&mut self, received: &Receiver<Event>) {
        loop {
            let now = now_ms();
            let until_due = self
                .engine
                .next_tick_ms()
                .map_or(100, |at| at.saturating_sub(now));
            let wait = until_due.min(if self.busy() { 5 } else { 100 });
            match received.recv_timeout(Duration::from_millis(wait)) {
                Ok(event) => {
                    self.take(event);
                    while let Ok(event) = received.try_recv() {
                        self.take(event);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.engine.tick(now_ms());
            self.perform();
            for id in std::mem::take(&mut self.paused) {
                self.serve(id);
            }
            self.flush();
        }
    }

    /// Whether something waits for a client or for the end of a pause.
    fn busy(&self) -> bool {
        let unsent = |connection: &Connection| !connection.out.is_empty();

        !self.paused.is_empty() || self.connections.values().any(unsent)
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Opened(stream) => {
                if let Err(error) = self.open(stream) {
                    eprintln!("a connection failed at once: {error}");
                }
            }
            Event::Read(id, bytes) => {
                if let Some(connection) = self.connections.get_mut(&id) {
                    connection.requests.feed(&bytes);
                    self.serve(id);
                }
            }
            Event::Closed(id) => self.close(id),
        }
    }

    fn open(&mut self, stream: TcpStream) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        // A client that does not read is not waited for: what it leaves is sent later.
        stream.set_write_timeout(Some(Duration::from_millis(1)))?;
        let id = self.engine.open_session(now_ms());
        let session = self.engine.sessions_mut().all.get_mut(&id);
        let session = session.expect("just opened");
        session.address = stream.peer_addr()?.to_string();
        session.local_address = format!("127.0.0.1:{}", self.port);
        let mut reader = stream.try_clone()?;
        let events = self.events.clone();
        std::thread::spawn(move || {
            let mut buffer = vec![0; 64 << 10];
            while let Ok(size @ 1..) = reader.read(&mut buffer) {
                let _ = events.send(Event::Read(id, buffer[..size].to_vec()));
            }
            let _ = events.send(Event::Closed(id));
        });
        let connection = Connection {
            stream,
            requests: Requests::default(),
            out: Vec::new(),
            closing: false,
        };
        self.connections.insert(id, connection);

        Ok(())
    }

    fn close(&mut self, id: u64) {
        self.engine.close_session(id);
        if let Some(connection) = self.connections.remove(&id) {
            let _ = connection.stream.shutdown(std::net::Shutdown::Both);
        }
    }

    /// Runs the calls of one client that are all there.
    fn serve(&mut self, id: u64) {
        loop {
            let bulk_max = self.engine.settings().max_bulk_bytes;
            let Some(connection) = self.connections.get_mut(&id) else {
                return;
            };
            if connection.closing {
                return;
            }
            match connection.requests.next(bulk_max) {
                Ok(false) => return,
                Ok(true) => {}
                Err(error) => {
                    connection
                        .out
                        .extend_from_slice(format!("-{}\r\n", error.text()).as_bytes());
                    connection.closing = true;
                    return;
                }
            }
            let requests = std::mem::take(&mut connection.requests);
            let words = requests.words();
            let now = now_ms();
            if self.engine.paused_until(now, id, &words).is_some() {
                drop(words);
                let connection = self.connections.get_mut(&id).expect("it was there");
                connection.requests = requests;
                connection.requests.unread();
                if !self.paused.contains(&id) {
                    self.paused.push_back(id);
                }
                return;
            }
            let outcome = self.engine.execute(now, id, &words);
            drop(words);
            if let Some(connection) = self.connections.get_mut(&id) {
                connection.requests = requests;
            }
            self.perform();
            let reply = match outcome {
                Outcome::Reply(reply) => reply,
                Outcome::Wait(action) => self.wait_for(action),
                Outcome::Forward(_) => unreachable!("this node leads"),
            };
            self.send(id, &reply);
            let closing = self.engine.sessions().all.get(&id);
            if closing.is_none_or(|session| session.closing)
                && let Some(connection) = self.connections.get_mut(&id)
            {
                connection.closing = true;
            }
        }
    }

    fn send(&mut self, id: u64, reply: &Reply) {
        let protocol = self.engine.sessions().all.get(&id);
        let protocol = protocol.map_or(2, |session| session.protocol);
        if let Some(connection) = self.connections.get_mut(&id) {
            encode(reply, protocol, &mut connection.out);
        }
    }

    fn perform(&mut self) {
        while let Some(output) = self.engine.poll() {
            match output {
                Output::Push { session, reply } => self.send(session, &reply),
                Output::Action(action) => {
                    self.wait_for(action);
                }
                Output::Record { .. } | Output::Published(_) | Output::Expired { .. } => {}
            }
        }
    }

    fn wait_for(&mut self, action: Action) -> Reply {
        match action {
            Action::Close(id) => {
                if let Some(connection) = self.connections.get_mut(&id) {
                    connection.closing = true;
                }
            }
            Action::Sleep(ms) => std::thread::sleep(Duration::from_millis(ms)),
            Action::Reload | Action::ReplayLog => {
                if let Err(error) = self.reload() {
                    return Reply::Error(kilat::command::Error::received(format!("ERR {error}")));
                }
            }
            Action::Save | Action::SaveInBackground => {
                self.engine.facts_mut().last_save_ms = now_ms();
            }
            Action::Wait(_) => return Reply::Int(0),
            Action::Shutdown { .. } => std::process::exit(0),
            _ => {}
        }

        Reply::OK
    }

    /// Writes a snapshot and loads it again.
    fn reload(&mut self) -> Result<(), String> {
        let aux = Aux {
            time_ms: now_ms(),
            ..Aux::default()
        };
        let bytes = snapshot::save(self.engine.keyspace(), &aux);
        let due = Due::Drop { now_ms: now_ms() };
        let loaded = snapshot::load(&bytes, self.engine.settings().limits, due);
        let loaded = loaded.map_err(|error| format!("{error:?}"))?;
        self.engine.replace_keyspace(loaded.keyspace);

        Ok(())
    }

    /// Sends what clients take; closes those that are done.
    fn flush(&mut self) {
        let mut done = Vec::new();
        for (id, connection) in &mut self.connections {
            while !connection.out.is_empty() {
                match connection.stream.write(&connection.out) {
                    Ok(size) => drop(connection.out.drain(..size)),
                    Err(error)
                        if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                    {
                        break;
                    }
                    Err(_) => {
                        connection.out.clear();
                        connection.closing = true;
                    }
                }
            }
            if connection.closing && connection.out.is_empty() {
                done.push(*id);
            }
        }
        for id in done {
            self.close(id);
        }
    }
}
