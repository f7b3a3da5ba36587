//! An engine in memory behind the node's contract.
use std::collections::VecDeque;

use crate::command::Action;
use crate::engine::{Engine, Outcome, Output as Done};
use crate::node::{Called, Event, Input, Level, NodeOptions, Output, Status};

pub struct Node {
    engine: Engine,
    outputs: VecDeque<Output>,
}

impl Node {
    pub fn new(_now_ms: u64, options: NodeOptions) -> Node {
        let mut outputs = VecDeque::new();
        outputs.push_back(Output::Event(Event::Leader { epoch: 1 }));

        Node {
            engine: Engine::new(options.seed, options.settings),
            outputs,
        }
    }

    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    pub fn open_session(&mut self, now_ms: u64) -> u64 {
        self.engine.open_session(now_ms)
    }

    pub fn close_session(&mut self, id: u64) {
        self.engine.close_session(id);
    }

    pub fn call(&mut self, now_ms: u64, session: u64, _: Option<Level>, argv: &[&[u8]]) -> Called {
        let outcome = self.engine.execute(now_ms, session, argv);
        self.gather();
        match outcome {
            Outcome::Reply(reply) => Called::Reply(reply),
            _ => Called::Reply(crate::command::Reply::OK),
        }
    }

    pub fn handle(&mut self, now_ms: u64, input: Input) {
        if input == Input::Timer {
            self.engine.tick(now_ms);
        }
        self.gather();
        if input == Input::Close {
            self.outputs.push_back(Output::Closed);
        }
    }

    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    pub fn export(&mut self) -> Vec<u8> {
        Vec::new()
    }

    pub fn import(&mut self, _now_ms: u64, _bytes: &[u8]) -> Called {
        Called::Reply(crate::command::Reply::OK)
    }

    pub fn status(&self, now_ms: u64) -> Status {
        let mut status = crate::node::Node::new(now_ms, NodeOptions::default()).status(now_ms);
        status.role = "leader";
        status.ready = true;
        status.epoch = 1;
        status.storage = "memory";
        status.seq = self.engine.seq();
        status
    }

    fn gather(&mut self) {
        while let Some(done) = self.engine.poll() {
            match done {
                Done::Push { session, reply } => {
                    self.outputs.push_back(Output::Push { session, reply });
                }
                Done::Action(Action::Close(id)) => self.outputs.push_back(Output::CloseSession(id)),
                _ => {}
            }
        }
        if let Some(at_ms) = self.engine.next_tick_ms() {
            self.outputs.push_back(Output::SetTimer { at_ms });
        }
    }
}
