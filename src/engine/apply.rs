//! Records of another time or node: what they name is done, without a session, a clock or a doubt.
use super::{DROP_SLICE, Engine};
use crate::command::{Args, Effect, Effects, Handler, WriteContext, find};
use crate::keyspace::Authority;

/// A record that this build cannot apply: state would diverge, so the node must stop and say so.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApplyError {
    /// No write command of this name and arity.
    Unknown(String),
    /// The command answered with an error.
    Failed(String),
    /// There is no memory for it here.
    NoRoom,
}

impl Engine {
    /// Applies the effects of record `seq`. Nothing due is removed and nothing is logged.
    pub fn apply(&mut self, now_ms: u64, seq: u64, effects: &[Effect]) -> Result<(), ApplyError> {
        let words = effects.iter().flat_map(|effect| effect.argv.iter());
        let bytes = words.map(<[u8]>::len).sum();
        if !self.fits(|engine| engine.has_room(bytes)) {
            return Err(ApplyError::NoRoom);
        }
        let authority = self.keyspace.authority();
        self.keyspace.set_now(now_ms);
        self.keyspace.drop_remains(DROP_SLICE);
        self.keyspace.set_version(seq);
        self.keyspace.set_authority(Authority::Applying);
        let applied = effects.iter().try_for_each(|effect| self.apply_one(effect));
        self.keyspace.set_authority(authority);
        applied?;
        self.seq = seq;
        self.publish_events();

        Ok(())
    }

    fn apply_one(&mut self, effect: &Effect) -> Result<(), ApplyError> {
        let argv: Vec<&[u8]> = effect.argv.iter().collect();
        let name = || {
            argv.iter()
                .take(2)
                .map(|word| String::from_utf8_lossy(word))
                .collect()
        };
        let unknown = || ApplyError::Unknown(name());
        let command = find(&argv).map_err(|_| unknown())?;
        let (Handler::Write(handler), true) = (command.handler, command.takes(argv.len())) else {
            return Err(unknown());
        };
        let mut ignored = Effects::default();
        ignored.set_heard(false);
        let mut unheard = Vec::new();
        let mut context = WriteContext {
            keys: self.keyspace.keys_mut(effect.db),
            settings: &self.settings,
            rng: &self.rng,
            effects: &mut ignored,
            published: &mut unheard,
            subscriptions: &self.subscriptions,
        };
        let reply = handler(&mut context, Args::new(&argv, command.name_words()));

        reply
            .map(drop)
            .map_err(|error| ApplyError::Failed(error.text().into()))
    }
}
