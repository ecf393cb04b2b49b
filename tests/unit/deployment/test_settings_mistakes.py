"""Every mistake in a settings file or in the context is told where it stands, in words that say what to do."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol

import pytest

from compiler import Problem

SKILL = "amzn1.ask.skill.01234567-89ab-cdef-0123-456789abcdef"
CLIENT_SECRET = "amzn1.oa2-cs.v1.0badc0de0badc0de"
OLD_SECRET = "0badc0de" * 8
REFRESH = "Atzr|IwEBIO0badc0de"


class Root(Protocol):
    folder: Path

    def write(self, name: str, text: str) -> None: ...
    def told(
        self, text: str | None = None, context: dict[str, object] | None = None, name: str = "dev"
    ) -> tuple[Problem, ...]: ...


TEN = """\
account: 12345678901
kept:
  logs_days: 100
  backup_days: 90
runing:
  traffic_shifting: canarry
  reserved_concurrency: {lex_trun: 5}
alexa:
  skill_id: amzn1.ask.skill.mine
  vendor: {vendor_id: M0EXAMPLE}
watched:
  alarm_emails: [somebody]
tags: {"aws:owner": me}
"""


def test_ten_mistakes_in_one_file_are_ten_messages_in_one_go(root: Root) -> None:
    told = [(p.place.line, p.place.column, p.message) for p in root.told(TEN)]
    expected = [
        (1, 10, "an account has twelve digits, this has 11. If it begins with 0"),
        (3, 14, "CloudWatch Logs can't keep logs for `100` days. Take 90 or 120"),
        (4, 16, "`backup_days` must be at most 35, not `90`. DynamoDB keeps 1 to 35 days."),
        (5, 1, "unknown setting `runing`. Did you mean `running`?"),
        (6, 21, "`canarry` is not a value of `traffic_shifting`. Did you mean `canary`?"),
        (7, 26, "there is no function `lex_trun` whose concurrency is set. Did you mean `lex_turn`?"),
        (9, 13, "`amzn1.ask.skill.mine` is not a skill's id. Copy it from the Alexa developer console"),
        (10, 3, "`login_secret` is missing here. Add it."),
        (12, 18, "`somebody` is not an e-mail address. Write one as in name@example.com."),
        (13, 8, "the tag `aws:owner` begins with aws:, which AWS keeps for itself. Call it otherwise."),
    ]
    assert [(line, column) for line, column, _ in told] == [(line, column) for line, column, _ in expected]
    for (*_, said), (*_, essence) in zip(told, expected, strict=True):
        assert said.startswith(essence)
    assert str(root.told(TEN)[0]).startswith("environments/dev.yaml:1:10: an account")


class Mistake(NamedTuple):
    text: str
    line: int
    column: int
    says: tuple[str, ...]
    """Words of the message."""


SUNDAYS = "arn:aws:dynamodb:us-east-1:111122223333:table/of-sunday/stream/2026-11-22T00:00:00.000"
MISTAKES = [
    # YAML
    Mistake("kept: {logs_days: 30}\nkept: {}\n", 2, 1, ("`kept`", "twice", "line 1")),
    Mistake("kept:\n\tlogs_days: 30\n", 2, 1, ("tab", "spaces")),
    Mistake("lex: [guests\n", 2, 1, ("",)),
    Mistake('region: "us-east-1\n', 1, 9, ("never closed",)),
    Mistake("- account\n", 1, 1, ("holds a list", "`key: value`")),
    Mistake("production\n", 1, 1, ("holds `production`", "`key: value`")),
    Mistake("a: &a {}\nb: *a\n", 2, 4, ("aliases",)),
    Mistake("a: [[[[[[[[[]]]]]]]]]\n", 1, 11, ("nested",)),
    # keys and kinds
    Mistake("alexa: {skil_id: ''}\n", 1, 9, ("`skil_id`", "`skill_id`")),
    Mistake("skill_id: ''\n", 1, 1, ("does not belong here", "`skill_id` under `alexa`")),
    Mistake("alexa.skill_id: ''\n", 1, 1, ("`skill_id` under `alexa`",)),
    Mistake("lex: {region: us-east-1}\n", 1, 7, ("`region` at the beginning of a line",)),
    Mistake("name: prod\n", 1, 1, ("called like its file",)),
    Mistake("lex: on\n", 1, 6, ("`lex` wants keys with values, not `on`",)),
    Mistake("kept: [logs_days]\n", 1, 7, ("`kept` wants keys with values, not a list",)),
    Mistake("lex: {guests: perhaps}\n", 1, 15, ("`true` or `false`, not `perhaps`",)),
    Mistake("watched: {failures: many}\n", 1, 21, ("whole number, not `many`", "five minutes")),
    Mistake("watched: {failures: 0}\n", 1, 21, ("at least 1",)),
    Mistake("watched: {slow_turn_milliseconds: 6000}\n", 1, 35, ("less than 6000", "6 to 8 s")),
    Mistake("watched: {slow_turn_milliseconds: -5}\n", 1, 35, ("at least 1",)),
    Mistake("watched: {alarm_emails: a@example.com}\n", 1, 25, ("a list",)),
    Mistake("watched: {alarm_emails: [~]}\n", 1, 26, ("a text, not nothing",)),
    Mistake("watched: {alarm_emails: [a@example.com, A@example.com]}\n", 1, 41, ("twice",)),
    Mistake("running: {memory_megabytes: 64}\n", 1, 29, ("at least 128",)),
    Mistake("running: {memory_megabytes: 10241}\n", 1, 29, ("at most 10240",)),
    Mistake("running: {reserved_concurrency: {lex_turn: lots}}\n", 1, 44, ("whole number",)),
    Mistake("kept: {on_teardown: delete}\n", 1, 21, ("`delete`", "`retain`", "`destroy`")),
    Mistake("kept: {backup_days: 0}\n", 1, 21, ("at least 1",)),
    Mistake("kept: {logs_days: 9999}\n", 1, 19, ("Take 3288 or 3653",)),
    # values
    Mistake("kept: {rotate_keys_days: 66}\n", 1, 26, ("kept for 400 days", "6 rotations", "67 to 1000, or 0")),
    Mistake("kept: {rotate_keys_days: -1}\n", 1, 26, ("67 to 1000, or 0",)),
    Mistake("kept: {rotate_keys_days: 1001}\n", 1, 26, ("67 to 1000, or 0",)),
    Mistake("region: us-east-1a\n", 1, 9, ("availability zone", "`us-east-1`")),
    Mistake("running: {reserved_concurrency: {lex_turn: 0}}\n", 1, 44, ("at least 1", "Leave it out")),
    Mistake("account: ''\n", 1, 10, ("empty", "Leave it out")),
    Mistake("account: 1234-5678-9012\n", 1, 10, ("twelve digits in quotes",)),
    Mistake("region: Ireland\n", 1, 9, ("`Ireland`", "us-east-1")),
    Mistake("region: ''\n", 1, 9, ("empty", "Leave it out")),
    Mistake("region: eu-central-1\n", 1, 9, ("Alexa can't reach", "eu-west-1", "`alexa.enabled`")),
    Mistake(f"alexa: {{skill_id: {SKILL.upper()}}}\n", 1, 19, ("not a skill's id",)),
    Mistake("alexa: {vendor: {vendor_id: M0EXAMPLE}}\n", 1, 9, ("`login_secret` is missing",)),
    Mistake("alexa: {vendor: {login_secret: alexa}}\n", 1, 9, ("`vendor_id` is missing",)),
    Mistake("alexa: {vendor: {vendor_id: 'my id', login_secret: alexa}}\n", 1, 29, ("not a vendor id",)),
    Mistake(
        f"alexa: {{enabled: false, skill_id: {SKILL}}}\n",
        1, 25, ("`alexa.enabled` is false", "take `skill_id` out"),
    ),
    Mistake(
        "running: {reserved_concurrency: {lex_turn: 1, alexa_turn: 2}}\nalexa: {enabled: false}\n",
        1, 47, ("`alexa_turn`", "`alexa.enabled` is false", "take `alexa_turn` out"),
    ),
    Mistake(
        "watched: {alarms: false}\nrunning: {traffic_shifting: canary}\n",
        2, 11, ("`canary`", "`watched.alarms` is false", "`all_at_once`"),
    ),
    Mistake("watched: {alarms: false}\nrunning: {traffic_shifting: linear}\n", 2, 11, ("`linear`", "bring the old")),
    Mistake(
        "watched: {alarms: false, alarm_emails: [a@example.com]}\n",
        1, 26, ("nobody would be written to", "`watched.alarms` is false", "take `alarm_emails` out"),
    ),
    Mistake("watched: {alarm_emails: ['[a@example.com]']}\n", 1, 26, ("not an e-mail address",)),
    Mistake("kept: {restored_table: bad name!}\n", 1, 24, ("not a table's name", "3 to 255", "_ . and -", "empty")),
    Mistake("kept: {restored_table: ab}\n", 1, 24, ("not a table's name", "3 to 255")),
    Mistake(
        "kept: {restored_table: 'arn:aws:dynamodb:us-east-1:111122223333:table/of-sunday'}\n",
        1, 24, ("not its ARN", "`table/`"),
    ),
    Mistake("kept: {restored_stream: of-sunday}\n", 1, 25, ("not a stream's ARN", "`LatestStreamArn`")),
    Mistake("kept: {restored_table: of-sunday}\n", 1, 8, ("no transcript, erasure or export", "name the stream")),
    Mistake(f"kept: {{restored_stream: '{SUNDAYS}'}}\n", 1, 8, ("`restored_table` is empty", "Name the table")),
    Mistake(
        f"kept: {{restored_table: of-monday, restored_stream: '{SUNDAYS}'}}\n",
        1, 52, ("not a stream of `of-monday`", "`LatestStreamArn`"),
    ),
    Mistake(
        "alexa: {vendor: {vendor_id: M0EXAMPLE, login_secret: ''}}\n",
        1, 54, ("`login_secret` is empty", "name of a secret in Secrets Manager", "refresh_token"),
    ),
    Mistake(
        "alexa: {enabled: false, vendor: {vendor_id: M0EXAMPLE, login_secret: alexa}}\n",
        1, 25, ("`alexa.enabled` is false", "take `vendor` out"),
    ),
    Mistake(
        "alexa: {vendor: {vendor_id: M0EXAMPLE, login_secret: 'arn:aws:secretsmanager:us-east-1'}}\n",
        1, 54, ("not its ARN",),
    ),
    Mistake("codes: {countries: ['1']}\n", 1, 21, ("`1` is no country", 'as in "+44"')),
    Mistake("codes: {countries: ['+1', '+12']}\n", 1, 27, ("`+12` is no country",)),
    Mistake("codes: {countries: ['+1', GB]}\n", 1, 27, ("`GB` is no country", "US or CA")),
    Mistake("codes: {sms_protect: protects}\n", 1, 22, ("`protects` is no protect configuration's id", "`protect-`")),
    Mistake("tags: {'': x}\n", 1, 8, ("1 to 128",)),
    Mistake(f"tags: {{{'k' * 129}: x}}\n", 1, 8, ("1 to 128", "129")),
    Mistake(f"tags: {{k: {'v' * 257}}}\n", 1, 11, ("1 to 256", "257")),
    Mistake("tags: {k: ''}\n", 1, 11, ("leave the tag out",)),
    Mistake("tags: {k: }\n", 1, 11, ("`k` wants a text, not nothing",)),
    Mistake("tags: {k: 'a|b'}\n", 1, 11, ("AWS forbids",)),
    Mistake(f"tags: {{{', '.join(f'k{i}: v' for i in range(51))}}}\n", 1, 7, ("50 entries", "51")),
]  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: m.text.strip()[:50])
def test_a_mistake_is_told_once_and_where_it_stands(root: Root, mistake: Mistake) -> None:
    (problem,) = root.told(mistake.text)
    assert (problem.place.file, problem.place.line) == ("environments/dev.yaml", mistake.line), str(problem)
    assert problem.place.column == mistake.column, str(problem)
    assert all(words in problem.message for words in mistake.says), problem.message
    assert problem.message.endswith((".", "?"))
    assert "Input should" not in problem.message and "String should" not in problem.message


SECRETS = [
    f"alexa: {{vendor: {{vendor_id: M0EXAMPLE, login_secret: {CLIENT_SECRET}}}}}\n",
    f"alexa: {{vendor: {{vendor_id: M0EXAMPLE, login_secret: {OLD_SECRET}}}}}\n",
    f"alexa: {{vendor: {{vendor_id: M0EXAMPLE, login_secret: '{REFRESH}'}}}}\n",
    f'alexa: {{vendor: {{vendor_id: M0EXAMPLE, login_secret: \'{{"client_secret": "{CLIENT_SECRET}"}}\'}}}}\n',
    f"alexa: {{vendor: {{vendor_id: M0EXAMPLE, login_secret: {{client_secret: {CLIENT_SECRET}}}}}}}\n",
    f"alexa: {{vendor: {{vendor_id: M0EXAMPLE, login_secret: alexa, client_secret: {CLIENT_SECRET}}}}}\n",
    f"alexa: {{refresh_token: '{REFRESH}'}}\n",
    f"alexa: {{skill_id: {CLIENT_SECRET}}}\n",
    f"password: {OLD_SECRET}\n",
    f"tags: {{login: {OLD_SECRET}}}\n",
    f"lex: {OLD_SECRET}\n",
    f"{OLD_SECRET}\n",
    f"{CLIENT_SECRET}: x\n",
]


@pytest.mark.parametrize("text", SECRETS)
def test_a_secret_in_the_file_is_refused_and_never_repeated(root: Root, text: str) -> None:
    told = root.told(text)
    assert told
    assert "0badc0de" not in "\n".join(map(str, told))
    assert any("secret" in problem.message for problem in told)


def test_a_secret_on_the_command_line_is_refused_and_never_repeated(root: Root) -> None:
    (problem,) = root.told(context={"alexa.vendor.client_secret": CLIENT_SECRET})
    assert str(problem).startswith("-c alexa.vendor.client_secret: a secret is no setting")
    assert CLIENT_SECRET not in str(problem)
    both: dict[str, object] = {"alexa.vendor.vendor_id": "M0EXAMPLE", "alexa.vendor.login_secret": CLIENT_SECRET}
    (problem,) = root.told(context=both)
    assert str(problem).startswith("-c alexa.vendor.login_secret: `login_secret` holds what looks like a secret")
    assert CLIENT_SECRET not in str(problem)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("alexa_skill_id", "", "there is no setting `alexa_skill_id`. Did you mean `alexa.skill_id`?"),
        ("lex.guets", "false", "there is no setting `lex.guets`. Did you mean `lex.guests`?"),
        ("enviroment", "prod", "there is no setting `enviroment`. Did you mean `environment`?"),
        ("name", "prod", "`name` is no setting: an environment is called like its file. Write -c environment=NAME."),
        ("lex", "false", "`lex` wants keys with values, not `false`. Name one of them, as in -c lex.KEY=VALUE, or"),
        ("tags.", "x", "there is no setting `tags.`. Did you mean `tags`?"),
        ("account", 12345678901, "an account has twelve digits, this has 11."),
        ("kept.logs_days", "1e3", "`logs_days` wants a whole number, not `1e3`."),
        ("watched.alarm_emails", "a@example.com,b", "`b` is not an e-mail address."),
        ("running.reserved_concurrency.lex", "5", "there is no function `lex` whose concurrency is set."),
        ("region", "ap-south-1", "Alexa can't reach functions in `ap-south-1`."),
        ("lex.guests", object(), "`lex.guests` is neither text"),
    ],
)
def test_a_mistake_in_the_context_is_told_with_its_key(root: Root, key: str, value: object, says: str) -> None:
    (problem,) = root.told(context={key: value})
    assert str(problem).startswith(f"-c {key}: {says}")


@pytest.mark.parametrize(
    "name", ["Prod", "1st", "a--b", "a-", "-a", "dev-ear", "prod-eu", "x" * 13, "../dev", "a_b", "dev\n", "ü", ""]
)
def test_an_environment_that_could_not_be_part_of_a_name_is_refused(root: Root, name: str) -> None:
    (problem,) = root.told(name=name)
    assert str(problem).startswith("-c environment: ")
    assert "at most 12 lower-case letters and digits" in problem.message


def test_a_name_with_a_hyphen_is_refused_with_the_reason(root: Root) -> None:
    (problem,) = root.told(name="dev-ear")
    assert str(problem) == (
        "-c environment: `dev-ear` can't be an environment's name. Use at most 12 lower-case letters and digits, "
        "beginning with a letter, and no hyphen: an environment `dev` calls what is its own throughline-dev-…, so "
        "names of the two could be the same, and permissions of `dev` would reach what is the other's."
    )


def test_an_environment_without_a_file_is_told_those_there_are(root: Root) -> None:
    root.write("environments/prod.yaml", "")
    root.write("cdk.json", '{"context": {\n"environment": "pord"}}')
    (problem,) = root.told(name="pord")
    assert str(problem) == (
        "cdk.json:2:1: there is no environments/pord.yaml. Did you mean `prod`? Write it, or choose with "
        "-c environment=NAME one of those there are: environments/dev.yaml, environments/prod.yaml."
    )
    root.write("environments/blue.yml", "")
    (problem,) = root.told(name="blue")
    assert problem.message.endswith("There is environments/blue.yml: give it the ending .yaml.")


def test_the_context_is_checked_even_without_a_file(root: Root) -> None:
    assert len(root.told(name="nowhere", context={"lex.guests": "perhaps", "lex.gusts": "x"})) == 3


@pytest.mark.parametrize("name", ["prod", "production", "prodeu", "prod2", "prodblue", "productioneu"])
def test_production_can_not_be_torn_down_with_its_data(root: Root, name: str) -> None:
    (problem,) = root.told("kept: {on_teardown: destroy}\n", name=name)
    assert (problem.place.line, problem.place.column) == (1, 21)
    assert "delete customers' data" in problem.message and "Keep `retain`" in problem.message
    (problem,) = root.told("", {"kept.on_teardown": "destroy"}, name)
    assert str(problem).startswith("-c kept.on_teardown: ")


@pytest.mark.parametrize("name", ["dev", "product", "products", "preprod", "pro"])
def test_what_is_not_production_may_be_torn_down(root: Root, name: str) -> None:
    assert root.told("kept: {on_teardown: destroy}\n", name=name) == ()


@pytest.mark.parametrize(
    ("text", "context"),
    [
        (
            "running: {traffic_shifting: canary}\n",
            {"running.traffic_shifting": "all_at_once", "watched.alarms": "false"},
        ),
        ("watched: {alarm_emails: [a@example.com]}\n", {"watched.alarm_emails": "", "watched.alarms": "false"}),
        (f"alexa: {{skill_id: {SKILL}}}\n", {"alexa.skill_id": "", "alexa.enabled": "false"}),
    ],
)
def test_what_needs_a_part_may_go_with_it_on_the_command_line(
    root: Root, text: str, context: dict[str, object]
) -> None:
    assert root.told(text, context) == ()


def test_a_part_that_the_command_line_switches_off_is_missed_where_the_file_needs_it(root: Root) -> None:
    (problem,) = root.told("running:\n  traffic_shifting: canary\n", {"watched.alarms": "false"})
    assert str(problem).startswith("environments/dev.yaml:2:3: `canary` moves calls step by step")
    (problem,) = root.told("watched: {alarms: false}\n", {"running.traffic_shifting": "linear"})
    assert str(problem).startswith("-c running.traffic_shifting: `linear` moves calls step by step")


@pytest.mark.parametrize(
    "text",
    ["{lex_turn: 5", "{lex_turn: 5}}", "{lex_turn: 5, lex_turn: 6}", "{a: &a [*a]}", "{" * 5000, "{'a", "{\ud800: 1"],
)
def test_braces_that_can_not_be_read_are_answered_with_the_form(root: Root, text: str) -> None:
    (problem,) = root.told(context={"running.reserved_concurrency": text})
    assert str(problem).startswith(
        "-c running.reserved_concurrency: `running.reserved_concurrency` wants keys with values, and what stands "
    )
    assert problem.message.endswith("in quotes: -c 'running.reserved_concurrency={KEY: VALUE, KEY: VALUE}'.")
    assert "secret" not in problem.message


def test_brackets_that_can_not_be_read_are_answered_with_the_form(root: Root) -> None:
    (problem,) = root.told(context={"watched.alarm_emails": "[a@example.com"})
    assert problem.message.endswith("as in -c 'watched.alarm_emails=ITEM, ITEM'.")


def test_a_mistake_inside_of_braces_is_told_with_their_key(root: Root) -> None:
    (problem,) = root.told(context={"running.reserved_concurrency": "{lex_trun:5}"})
    assert str(problem).startswith("-c running.reserved_concurrency: there is no function `lex_trun`")


def test_a_secret_inside_of_braces_is_refused_and_never_repeated(root: Root) -> None:
    whole = f'{{"vendor_id": "M0EXAMPLE", "login_secret": "alexa", "client_secret": "{CLIENT_SECRET}"}}'
    for text in (whole, whole[:-1], f"{{{CLIENT_SECRET}: *{OLD_SECRET}}}"):
        told = "\n".join(map(str, root.told(context={"alexa.vendor": text})))
        assert told and "0badc0de" not in told


def test_a_region_without_alexa_is_fine_once_alexa_is_off(root: Root) -> None:
    assert root.told("region: eu-central-1\nalexa: {enabled: false}\n") == ()


def test_what_was_not_understood_makes_no_second_problem(root: Root) -> None:
    assert len(root.told("region: eu-central-1\nalexa: {enabled: nope}\n")) == 1
    assert len(root.told("region: eu-central-1\nalexa: nope\n")) == 1


def test_a_misspelt_group_hides_no_mistake_inside(root: Root) -> None:
    told = [(problem.place.line, problem.place.column) for problem in root.told("watchd:\n  failurs: 0\n")]
    assert told == [(1, 1), (2, 3), (2, 12)]


def test_a_file_that_is_something_else_is_not_read(root: Root) -> None:
    (problem,) = root.told("a: b\n" * 30_000)
    assert "too many for settings" in problem.message


def test_a_terminal_gets_no_commands(root: Root) -> None:
    (problem,) = root.told('region: "\\e[2Jgone"\n')
    assert "\x1b" not in str(problem)
