use super::kind::Kind;
use super::*;
use crate::command::Facts;

#[test]
fn every_default_is_accepted_and_shown_as_it_is() {
    let (mut settings, facts) = (Settings::default(), Facts::default());
    for parameter in PARAMETERS.iter().filter(|found| found.name != "port") {
        let shown = value_of(&settings, &facts, parameter);
        assert_eq!(shown, parameter.default, "{}", parameter.name);
        let accepted = parameter.kind.accept(&shown, &shown);
        assert_eq!(
            accepted.as_deref(),
            Ok(parameter.default),
            "{}",
            parameter.name
        );
        apply(&mut settings, parameter, shown);
        let shown = value_of(&settings, &facts, parameter);
        assert_eq!(shown, parameter.default, "{}", parameter.name);
    }
}

#[test]
fn values_in_their_shown_form() {
    let memory = Kind::Memory(0, u64::MAX);
    let accepted = |kind: Kind, value| kind.accept(value, "").expect("a good value");
    assert_eq!(accepted(memory, "1Mb"), "1048576");
    assert_eq!(accepted(memory, "2k"), "2000");
    assert_eq!(accepted(Kind::Events, "KEA"), "AKE");
    assert_eq!(accepted(Kind::Events, "Eg$lshzxetdmn"), "AEm");
    assert_eq!(accepted(Kind::Events, "Elgx"), "glxE");
    assert_eq!(accepted(Kind::Events, "nKm"), "nKm");
    assert_eq!(accepted(Kind::Percentiles, "50 99.90 100"), "50 99.9 100");
    assert_eq!(accepted(Kind::Percent(-100, 1 << 40), "30%"), "30%");
    assert_eq!(accepted(Kind::Octal(0, 0o777), "0700"), "700");
    assert!(memory.accept("-1", "").is_err());
    assert!(Kind::Events.accept("KEq", "").is_err());
    assert!(Kind::Save.accept("900", "").is_err());
}
