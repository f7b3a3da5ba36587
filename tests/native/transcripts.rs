//! Every transcript, in every mode: what a real server answered is what we answer.
//! `TRANSCRIPT=hash/hset cargo test --test native` runs those whose path contains it.
use crate::support::compare;
use crate::support::files;
use crate::support::transcript::{self, Step, Transcript};
use crate::support::world::{Mode, World};

#[test]
fn natively() {
    run_all(Mode::Native);
}

#[test]
fn through_resp2() {
    run_all(Mode::Resp2);
}

#[test]
fn through_resp3() {
    run_all(Mode::Resp3);
}

#[test]
fn after_a_snapshot_reload() {
    run_all(Mode::Snapshot);
}

#[test]
fn after_a_log_replay() {
    run_all(Mode::Log);
}

fn run_all(mode: Mode) {
    let chosen = std::env::var("TRANSCRIPT").unwrap_or_default();
    let transcripts = transcript::all();
    let wanted = |transcript: &&Transcript| transcript.path.to_string_lossy().contains(&chosen);
    let (mut files, mut compared) = (0, 0);
    let mut complaints = Vec::new();
    for transcript in transcripts.iter().filter(wanted) {
        files += 1;
        match run_one(transcript, mode) {
            Ok(steps) => compared += steps,
            Err(complaint) => complaints.push(complaint),
        }
    }
    println!("{mode:?}: {files} transcripts, {compared} replies compared");
    let failed = complaints.len();
    assert!(
        failed == 0,
        "{failed} of {files} transcripts differ:\n\n{}",
        complaints.join("\n")
    );
    assert!(compared > 0, "nothing was compared");
}

fn run_one(transcript: &Transcript, mode: Mode) -> Result<usize, String> {
    let mut world = World::new(mode);
    let mut complaints = Vec::new();
    let mut compared = 0;
    let mut rewritten = Vec::new();
    for step in &transcript.steps {
        match world.run(step) {
            Ok(None) => {}
            Ok(Some(actual)) => {
                compared += 1;
                if mode == Mode::Native && is_rewritten(transcript, step) {
                    rewritten.push((step, actual));
                    continue;
                }
                if !compare::same(&step.reply, &actual, &step.marks) {
                    complaints.push(difference(transcript, step, &actual));
                }
            }
            Err(error) => {
                complaints.push(difference(transcript, step, &[format!("({error})")]));
                break;
            }
        }
    }
    rewrite(transcript, &rewritten);

    if complaints.is_empty() {
        Ok(compared)
    } else {
        Err(complaints.join("\n"))
    }
}

/// Replies that Redis cannot record are written by `UPDATE=1`, to be read before they are committed.
fn is_rewritten(transcript: &Transcript, step: &Step) -> bool {
    (transcript.kilat || step.marks.kilat) && std::env::var_os("UPDATE").is_some()
}

fn rewrite(transcript: &Transcript, replies: &[(&Step, Vec<String>)]) {
    if replies.is_empty() {
        return;
    }
    let text = files::read(&transcript.path);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (step, reply) in replies.iter().rev() {
        let end = step.number + step.reply.len();
        lines.splice(step.number..end, reply.iter().cloned());
    }
    let path = files::root().join(&transcript.path);
    std::fs::write(path, lines.join("\n") + "\n").unwrap();
}

fn difference(transcript: &Transcript, step: &Step, actual: &[String]) -> String {
    let mut lines = vec![format!(
        "{}:{}: {}",
        transcript.path.display(),
        step.number,
        step.line
    )];
    lines.extend(step.reply.iter().map(|line| format!("  redis {line}")));
    lines.extend(actual.iter().map(|line| format!("  kilat {line}")));

    lines.join("\n") + "\n"
}
