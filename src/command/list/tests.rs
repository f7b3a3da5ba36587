use crate::command::trial::Trial;

#[test]
fn what_is_logged_depends_on_the_data_alone() {
    let mut trial = Trial::new();
    trial.run("RPUSH l a b c d e");
    assert_eq!(trial.effects, ["RPUSH l a b c d e"]);
    trial.run("LMPOP 2 none l RIGHT COUNT 2");
    assert_eq!(trial.effects, ["RPOP l 2"]);
    trial.run("LMPOP 1 l LEFT COUNT 100");
    assert_eq!(trial.effects, ["LPOP l 3"]);
    assert_eq!(trial.events, ["lpop", "del"]);
    trial.run("LMPOP 1 l LEFT");
    assert!(trial.effects.is_empty() && trial.events.is_empty());
}

#[test]
fn what_changes_nothing_is_not_logged() {
    let mut trial = Trial::new();
    trial.run("RPUSH l a b");
    for line in [
        "LPUSHX none a",
        "LPOP l 0",
        "LREM l 0 nope",
        "LTRIM l 0 -1",
        "LINSERT l BEFORE nope x",
        "LSET l 7 x",
        "LMOVE none l LEFT LEFT",
    ] {
        trial.run(line);
        assert!(trial.effects.is_empty(), "{line}");
        assert_eq!(trial.changes, 0, "{line}");
    }
}

#[test]
fn a_move_within_one_list_keeps_the_key() {
    let mut trial = Trial::new();
    trial.run("RPUSH l a");
    trial.run("LMOVE l l LEFT RIGHT");
    assert_eq!(trial.events, ["rpush", "lpop"]);
    assert_eq!(trial.effects, ["LMOVE l l LEFT RIGHT"]);
}
