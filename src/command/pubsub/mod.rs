//! Channels, patterns and shard channels: the family's table.
use super::row::*;
use super::{Args, Error, Published, Reply, Result, SessionContext, Topic, WriteContext};
use crate::base::glob;

const LISTEN: Flags = Flags::PUBSUB
    .and(Flags::LOADING)
    .and(Flags::STALE)
    .and(Flags::NO_SCRIPT);
const TELL: Flags = Flags::PUBSUB
    .and(Flags::LOADING)
    .and(Flags::STALE)
    .and(Flags::FAST);
const ASK: Flags = Flags::PUBSUB.and(Flags::LOADING).and(Flags::STALE);
const HELP: Flags = Flags::LOADING.and(Flags::STALE);
const SHARDS: Keys = Keys::Range(1, -1, 1);

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    //       name                    arity              keys          flags    handler               usage
    session("SUBSCRIBE",             Arity::AtLeast(2), Keys::None,   LISTEN,  subscribe,            "channel [channel ...]"),
    session("UNSUBSCRIBE",           Arity::AtLeast(1), Keys::None,   LISTEN,  unsubscribe,          "[channel [channel ...]]"),
    session("PSUBSCRIBE",            Arity::AtLeast(2), Keys::None,   LISTEN,  psubscribe,           "pattern [pattern ...]"),
    session("PUNSUBSCRIBE",          Arity::AtLeast(1), Keys::None,   LISTEN,  punsubscribe,         "[pattern [pattern ...]]"),
    session("SSUBSCRIBE",            Arity::AtLeast(2), SHARDS,       LISTEN,  ssubscribe,           "shardchannel [shardchannel ...]"),
    session("SUNSUBSCRIBE",          Arity::AtLeast(1), SHARDS,       LISTEN,  sunsubscribe,         "[shardchannel [shardchannel ...]]"),
    // A follower's messages go by the leader, as its writes do: one order for all.
    write  ("PUBLISH",               Arity::Exactly(3), Keys::None,   TELL,    publish,              "channel message"),
    write  ("SPUBLISH",              Arity::Exactly(3), Keys::At(1),  TELL,    spublish,             "shardchannel message"),
    session("PUBSUB|CHANNELS",       Arity::AtLeast(2), Keys::None,   ASK,     pubsub_channels,      "[pattern]"),
    session("PUBSUB|NUMSUB",         Arity::AtLeast(2), Keys::None,   ASK,     pubsub_numsub,        "[channel [channel ...]]"),
    session("PUBSUB|NUMPAT",         Arity::Exactly(2), Keys::None,   ASK,     pubsub_numpat,        ""),
    session("PUBSUB|SHARDCHANNELS",  Arity::AtLeast(2), Keys::None,   ASK,     pubsub_shardchannels, "[pattern]"),
    session("PUBSUB|SHARDNUMSUB",    Arity::AtLeast(2), Keys::None,   ASK,     pubsub_shardnumsub,   "[shardchannel [shardchannel ...]]"),
    session("PUBSUB|HELP",           Arity::Exactly(2), Keys::None,   HELP,    pubsub_help,          ""),
];

/// Redis: the number that each (un)subscription answers counts channels and patterns, or shard channels.
fn count(cx: &mut SessionContext, topic: Topic) -> Reply {
    let session = cx.session();
    Reply::count(match topic {
        Topic::ShardChannel => session.shard_channels.len(),
        _ => session.channels.len() + session.patterns.len(),
    })
}

fn listen(cx: &mut SessionContext, mut args: Args, topic: Topic, word: &str) -> Result<Reply> {
    let mut pushes = Vec::new();
    for name in args.rest() {
        topic.of(cx.session()).insert(Box::from(*name));
        cx.subscriptions.subscribe(cx.id, topic, name);
        let count = count(cx, topic);
        pushes.push(Reply::Push(vec![
            Reply::bulk(word),
            Reply::bulk(*name),
            count,
        ]));
    }

    Ok(Reply::Sequence(pushes))
}

fn leave(cx: &mut SessionContext, mut args: Args, topic: Topic, word: &str) -> Result<Reply> {
    let mut names: Vec<Box<[u8]>> = args.rest().iter().map(|name| Box::from(*name)).collect();
    if names.is_empty() {
        names = topic.of(cx.session()).iter().cloned().collect();
    }
    if names.is_empty() {
        let count = count(cx, topic);
        return Ok(Reply::Push(vec![Reply::bulk(word), Reply::Null, count]));
    }

    let mut pushes = Vec::new();
    for name in names {
        topic.of(cx.session()).remove(&name);
        cx.subscriptions.unsubscribe(cx.id, topic, &name);
        let count = count(cx, topic);
        pushes.push(Reply::Push(vec![
            Reply::bulk(word),
            Reply::bulk(name),
            count,
        ]));
    }

    Ok(Reply::Sequence(pushes))
}

/// SUBSCRIBE channel [channel ...]
fn subscribe(cx: &mut SessionContext, args: Args) -> Result<Reply> {
    listen(cx, args, Topic::Channel, "subscribe")
}

/// UNSUBSCRIBE [channel [channel ...]]
fn unsubscribe(cx: &mut SessionContext, args: Args) -> Result<Reply> {
    leave(cx, args, Topic::Channel, "unsubscribe")
}

/// PSUBSCRIBE pattern [pattern ...]
fn psubscribe(cx: &mut SessionContext, args: Args) -> Result<Reply> {
    listen(cx, args, Topic::Pattern, "psubscribe")
}

/// PUNSUBSCRIBE [pattern [pattern ...]]
fn punsubscribe(cx: &mut SessionContext, args: Args) -> Result<Reply> {
    leave(cx, args, Topic::Pattern, "punsubscribe")
}

/// SSUBSCRIBE shardchannel [shardchannel ...]
fn ssubscribe(cx: &mut SessionContext, args: Args) -> Result<Reply> {
    listen(cx, args, Topic::ShardChannel, "ssubscribe")
}

/// SUNSUBSCRIBE [shardchannel [shardchannel ...]]
fn sunsubscribe(cx: &mut SessionContext, args: Args) -> Result<Reply> {
    leave(cx, args, Topic::ShardChannel, "sunsubscribe")
}

/// PUBLISH channel message
fn publish(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (channel, message) = (args.bytes(), args.bytes());

    let receivers = cx.subscriptions.receivers(channel);
    cx.published.push(Published {
        channel: channel.into(),
        message: message.into(),
        sharded: false,
    });

    Ok(Reply::count(receivers))
}

/// SPUBLISH shardchannel message
fn spublish(cx: &mut WriteContext, mut args: Args) -> Result<Reply> {
    let (channel, message) = (args.bytes(), args.bytes());

    let receivers = cx.subscriptions.shard_receivers(channel);
    cx.published.push(Published {
        channel: channel.into(),
        message: message.into(),
        sharded: true,
    });

    Ok(Reply::count(receivers))
}

/// The channels that match, which is all of them without a pattern.
fn channels<'a>(names: impl Iterator<Item = &'a [u8]>, pattern: Option<&[u8]>) -> Reply {
    let wanted = |name: &&[u8]| pattern.is_none_or(|pattern| glob::matches(pattern, name));

    Reply::bulks(names.filter(wanted).map(|name| name.to_vec()))
}

fn one_pattern<'a>(args: &mut Args<'a>) -> Result<Option<&'a [u8]>> {
    if args.left() > 1 {
        return Err(Error::subcommand_syntax(args.whole()[1], "PUBSUB"));
    }

    Ok(args.peek())
}

/// PUBSUB CHANNELS [pattern]
fn pubsub_channels(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    let pattern = one_pattern(&mut args)?;

    Ok(channels(
        cx.subscriptions.channels.keys().map(|name| &**name),
        pattern,
    ))
}

/// PUBSUB SHARDCHANNELS [pattern]
fn pubsub_shardchannels(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    let pattern = one_pattern(&mut args)?;

    Ok(channels(
        cx.subscriptions.shard_channels.keys().map(|name| &**name),
        pattern,
    ))
}

/// Names and numbers, one after the other in both protocols.
fn numbers(args: &mut Args, of: impl Fn(&[u8]) -> usize) -> Reply {
    let pairs = args.rest().iter();

    Reply::Array(
        pairs
            .flat_map(|name| [Reply::bulk(*name), Reply::count(of(name))])
            .collect(),
    )
}

/// PUBSUB NUMSUB [channel [channel ...]]
fn pubsub_numsub(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    let channels = &cx.subscriptions.channels;

    Ok(numbers(&mut args, |name| {
        channels.get(name).map_or(0, |found| found.len())
    }))
}

/// PUBSUB SHARDNUMSUB [shardchannel [shardchannel ...]]
fn pubsub_shardnumsub(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    let subscriptions = &*cx.subscriptions;

    Ok(numbers(&mut args, |name| {
        subscriptions.shard_receivers(name)
    }))
}

/// PUBSUB NUMPAT
fn pubsub_numpat(cx: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::count(cx.subscriptions.patterns.len()))
}

/// PUBSUB HELP
fn pubsub_help(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::help(
        "PUBSUB",
        &[
            "CHANNELS [<pattern>]",
            "    Return the currently active channels matching a <pattern> (default: '*').",
            "NUMPAT",
            "    Return number of subscriptions to patterns.",
            "NUMSUB [<channel> ...]",
            "    Return the number of subscribers for the specified channels, excluding",
            "    pattern subscriptions(default: no channels).",
            "SHARDCHANNELS [<pattern>]",
            "    Return the currently active shard level channels matching a <pattern> (default: '*').",
            "SHARDNUMSUB [<shardchannel> ...]",
            "    Return the number of subscribers for the specified shard level channel(s)",
        ],
    ))
}
