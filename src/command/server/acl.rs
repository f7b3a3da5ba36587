//! ACL: one user, `default`, who may do everything.
use super::catalogue::{self, CATEGORIES, Entry};
use crate::command::{Args, Error, Reply, Result, SessionContext};

/// ACL CAT [category]
pub(super) fn acl_cat(_: &mut SessionContext, mut args: Args) -> Result<Reply> {
    if args.is_done() {
        return Ok(Reply::bulks(CATEGORIES.iter().copied()));
    }
    let word = args.bytes();
    args.end()
        .map_err(|_| Error::subcommand_syntax(args.whole()[1], "ACL"))?;
    let asked = String::from_utf8_lossy(word).to_ascii_lowercase();
    let category = CATEGORIES.iter().find(|category| **category == asked);
    let category = category.ok_or_else(|| Error::unknown_category(word))?;

    let mut names = Vec::new();
    for container in catalogue::entries(None) {
        let all = std::iter::once(container).chain(container.subcommands());
        let of = all.filter(|entry| entry.categories().contains(category));
        names.extend(of.map(Entry::lower_name));
    }

    Ok(Reply::bulks(names))
}

/// ACL GENPASS [bits]
pub(super) fn acl_genpass(cx: &mut SessionContext, mut args: Args) -> Result<Reply> {
    let bits = if args.is_done() { 256 } else { args.int()? };
    args.end()
        .map_err(|_| Error::subcommand_syntax(args.whole()[1], "ACL"))?;
    let bits = usize::try_from(bits)
        .ok()
        .filter(|bits| (1..=4096).contains(bits));
    let digits = bits.ok_or(Error::GENPASS_BITS)?.div_ceil(4);
    let mut rng = cx.rng.borrow_mut();
    let digit = |_| char::from_digit((rng.next_u64() & 15) as u32, 16).expect("four bits");

    Ok(Reply::bulk((0..digits).map(digit).collect::<String>()))
}

/// ACL GETUSER username
pub(super) fn acl_getuser(_: &mut SessionContext, mut args: Args) -> Result<Reply> {
    if args.bytes() != b"default" {
        return Ok(Reply::Null);
    }
    let pair = |name: &str, value: Reply| (Reply::bulk(name), value);
    let flags = ["on", "nopass"].map(Reply::bulk).into();

    Ok(Reply::Map(vec![
        pair("flags", Reply::Set(flags)),
        pair("passwords", Reply::Array(Vec::new())),
        pair("commands", Reply::bulk("+@all")),
        pair("keys", Reply::bulk("~*")),
        pair("channels", Reply::bulk("&*")),
        pair("selectors", Reply::Array(Vec::new())),
    ]))
}

/// ACL LIST
pub(super) fn acl_list(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::bulks(["user default on nopass ~* &* +@all"]))
}

/// ACL USERS
pub(super) fn acl_users(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::bulks(["default"]))
}

/// ACL WHOAMI
pub(super) fn acl_whoami(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::bulk("default"))
}

/// ACL HELP
pub(super) fn acl_help(_: &mut SessionContext, _: Args) -> Result<Reply> {
    Ok(Reply::help(
        "ACL",
        &[
            "CAT [<category>]",
            "    List all commands that belong to <category>, or all command categories",
            "    when no category is specified.",
            "DELUSER <username> [<username> ...]",
            "    Delete a list of users.",
            "DRYRUN <username> <command> [<arg> ...]",
            "    Returns whether the user can execute the given command without executing the command.",
            "GETUSER <username>",
            "    Get the user's details.",
            "GENPASS [<bits>]",
            "    Generate a secure 256-bit user password. The optional `bits` argument can",
            "    be used to specify a different size.",
            "LIST",
            "    Show users details in config file format.",
            "LOAD",
            "    Reload users from the ACL file.",
            "LOG [<count> | RESET]",
            "    Show the ACL log entries.",
            "SAVE",
            "    Save the current config to the ACL file.",
            "SETUSER <username> <attribute> [<attribute> ...]",
            "    Create or modify a user with the specified attributes.",
            "USERS",
            "    List all the registered usernames.",
            "WHOAMI",
            "    Return the current connection username.",
        ],
    ))
}
