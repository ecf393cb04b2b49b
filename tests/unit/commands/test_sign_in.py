"""A member of the staff signs in by a browser, and gets the credentials of their team's role and nothing else."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import botocore.session
import pytest

from commands import main, managed_login, sign_in
from tests.unit.commands.staff_pool import CLIENT, CODE, IDENTITIES, POOL, SECRET, SESSION, Pool, browse, running

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Pool]:
    """A pool, a port of one's own to come back to, a browser that follows; and no AWS settings of this machine."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "THROUGHLINE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(managed_login, "PORT", 0)
    monkeypatch.setattr(sign_in, "_show", browse)
    with running() as found:
        for service in ("COGNITO_IDENTITY", "CLOUDFORMATION"):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", found.url)
        yield found


def options(pool: Pool) -> list[str]:
    return ["--staff", POOL, "--client", CLIENT, "--identities", IDENTITIES, "--domain", pool.url]


def signing_in(pool: Pool, *words: str) -> int:
    return main(["sign-in", *options(pool), *words])


def refused(pool: Pool, capsys: pytest.CaptureFixture[str], *words: str, status: int = 1) -> str:
    """What is said when nobody is signed in: one line, no credentials, no secret."""
    assert signing_in(pool, *words) == status
    told = capsys.readouterr()
    assert told.out == ""
    assert "Traceback" not in told.err and len(told.err.splitlines()) == 1
    assert not [secret for secret in pool.secrets if secret in told.err]
    return told.err


def test_credentials_are_printed_as_a_credential_process_does(pool: Pool, capsys: pytest.CaptureFixture[str]) -> None:
    assert signing_in(pool) == 0
    told = capsys.readouterr()
    assert json.loads(told.out) == {
        "Version": 1, "AccessKeyId": "ASIAINVENTED", "SecretAccessKey": SECRET, "SessionToken": SESSION,
        "Expiration": "2100-01-01T01:00:00Z",
    }  # fmt: skip
    assert told.err.startswith("Signed in as agent until ")
    assert not [secret for secret in pool.secrets if secret in told.out + told.err]


def test_a_shell_takes_the_lines_as_they_are(pool: Pool, capsys: pytest.CaptureFixture[str]) -> None:
    assert signing_in(pool, "--shell") == 0
    lines = f'{capsys.readouterr().out}\nprintf \'%s\\n\' "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN"'
    assert subprocess.run(["sh", "-c", lines], capture_output=True, text=True, check=True).stdout.split() == [
        SECRET, SESSION,
    ]  # fmt: skip


def test_the_code_is_bound_to_who_asked_for_it_and_no_secret_is_needed(pool: Pool) -> None:
    for _ in range(2):
        assert signing_in(pool) == 0
        assert pool.asked.keys() == {
            "response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method",
        }  # fmt: skip
        assert (pool.asked["response_type"], pool.asked["code_challenge_method"]) == ("code", "S256")
        assert re.fullmatch(r"http://localhost:\d+/signed-in", pool.asked["redirect_uri"])
        assert len(pool.asked["state"]) >= 32
    first, second = (form["code_verifier"] for form in pool.exchanged)
    assert first != second and 43 <= len(first) <= 128
    assert "client_secret" not in pool.exchanged[0]


def test_the_identity_pool_hears_the_token_and_gives_the_only_teams_role(pool: Pool) -> None:
    assert signing_in(pool) == 0
    logins = {f"cognito-idp.us-east-1.amazonaws.com/{POOL}": pool.token}
    assert pool.identified == [
        ("GetId", {"IdentityPoolId": IDENTITIES, "Logins": logins}),
        ("GetCredentialsForIdentity", {"IdentityId": "us-east-1:of-this-member", "Logins": logins}),
    ]


def test_who_is_in_two_teams_says_which(pool: Pool, capsys: pytest.CaptureFixture[str]) -> None:
    pool.groups = ["operator", "agent"]
    assert "--team agent or --team operator" in refused(pool, capsys)
    assert not pool.identified
    assert signing_in(pool, "--team", "operator") == 0
    assert pool.identified[1][1]["CustomRoleArn"] == "arn:aws:iam::123456789012:role/throughline-dev-operator"
    assert "as operator" in capsys.readouterr().err


def test_who_is_in_no_team_is_told_who_puts_them_into_one(pool: Pool, capsys: pytest.CaptureFixture[str]) -> None:
    for groups, roleless in (([], []), (["choir"], ["choir"])):
        pool.groups, pool.roleless = groups, roleless
        said = refused(pool, capsys)
        assert "no team yet" in said and "admin-add-user-to-group" in said
    assert not pool.identified


def test_nobody_acts_in_a_team_that_they_are_not_in(pool: Pool, capsys: pytest.CaptureFixture[str]) -> None:
    assert "You are in agent, not in auditor" in refused(pool, capsys, "--team", "auditor")
    assert not pool.identified


def test_no_profile_is_read_to_sign_in(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "unheard-of")
    assert signing_in(pool) == 0


def test_a_team_that_there_is_not_is_none(pool: Pool) -> None:
    for team in ("customer", "boss"):
        with pytest.raises(SystemExit):
            signing_in(pool, "--team", team)


@pytest.mark.parametrize(
    ("brings", "said"),
    [
        ({"state": "somebody-elses"}, "another sign-in"),
        ({"state": ""}, "another sign-in"),
        ({"state": "é"}, "another sign-in"),
        ({"state": "somebody-elses", "error": "access_denied"}, "another sign-in"),
        ({"code": ""}, "without a code"),
        ({"code": "", "error": "access_denied"}, "ended it (access_denied)"),
        ({"error": "\x1b[31mcall 555-0100"}, "ended it: begin again"),
    ],
)
def test_who_comes_back_with_anything_else_is_not_signed_in(
    pool: Pool, brings: dict[str, str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pool.brings = brings
    assert said in refused(pool, capsys)
    assert not pool.exchanged


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ((400, b'{"error": "invalid_grant"}'), "too old or was used"),
        ((400, b'{"error": "invalid_client"}'), "(invalid_client)"),
        ((400, b'{"error": "Bearer eyJ.x.y"}'), "status 400: begin again"),
        ((503, b"<html>"), "status 503"),
        ((200, b"<html>"), "not the pool"),
        ((200, b"[]"), "not the pool"),
        ((200, b'{"access_token": "a"}'), "not the pool"),
        ((200, b'{"id_token": "no token"}'), "no ID token"),
        ((200, b'{"id_token": "a.W10.c"}'), "no ID token"),
        ((200, b'{"id_token": "a.\xc3\xa9.c"}'), "no ID token"),
    ],
)
def test_what_the_pool_answers_instead_of_tokens_is_said(
    pool: Pool, answers: tuple[int, bytes], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pool.answers = answers
    assert said in refused(pool, capsys)
    assert not pool.identified


def test_a_wrong_code_is_not_taken(pool: Pool, capsys: pytest.CaptureFixture[str]) -> None:
    pool.brings = {"code": "guessed"}
    assert "too old or was used" in refused(pool, capsys)


@pytest.mark.parametrize("operation", ["GetId", "GetCredentialsForIdentity"])
@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("NotAuthorizedException", "has expired"),
        ("ResourceNotFoundException", "--identities"),
        ("InvalidIdentityPoolConfigurationException", "role"),
        ("ExternalServiceException", "(ExternalServiceException)"),
    ],
)
def test_what_the_identity_pool_refuses_is_said_without_its_own_words(
    pool: Pool, operation: str, error: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pool.refuses = {operation: error}
    assert said in refused(pool, capsys)


def test_who_does_not_come_back_is_waited_for_so_long_only(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sign_in, "_show", lambda page: None)
    assert "within 0.05 seconds" in refused(pool, capsys, "--wait", "0.05")


def test_who_ends_it_is_told_so_without_a_trace(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ended(page: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sign_in, "_show", ended)
    assert signing_in(pool) == 1
    assert capsys.readouterr().err.strip() == "Not signed in: you ended it."


def test_a_port_in_use_is_said_before_any_page_is_shown(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setattr(managed_login, "PORT", other.getsockname()[1])
        assert "in use" in refused(pool, capsys, status=2)
    assert not pool.asked


def test_the_page_at_the_end_says_little_and_is_kept_by_nobody(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, dict[str, str]]] = []

    def look(page: str) -> None:
        back = parse_qs(urlsplit(page).query)["redirect_uri"][0]
        with pytest.raises(urllib.error.HTTPError) as none:
            urllib.request.urlopen(back.replace("/signed-in", "/favicon.ico"))
        none.value.close()
        host = urlsplit(back)
        with socket.create_connection(("127.0.0.1", host.port or 0)), urllib.request.urlopen(page) as shown:
            seen.append((shown.read().decode(), dict(shown.headers.items())))

    monkeypatch.setattr(sign_in, "_show", look)
    assert signing_in(pool) == 0, "neither another path nor a silent connection is the way back"
    ((page, headers),) = seen
    assert "Thank you" in page and CODE not in page
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_a_pool_that_cannot_be_reached_is_said(pool: Pool, capsys: pytest.CaptureFixture[str]) -> None:
    token = managed_login.sign_in
    with socket.create_server(("127.0.0.1", 0)) as gone:
        nowhere = f"http://127.0.0.1:{gone.getsockname()[1]}"

    def come(page: str) -> None:
        asked = parse_qs(urlsplit(page).query)
        browse(f"{asked['redirect_uri'][0]}?code={CODE}&state={asked['state'][0]}")

    with pytest.raises(managed_login.NotSignedIn, match="can't be reached"):
        token(nowhere, CLIENT, show=come, wait=5)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--staff", "pool"), ("--client", "a; rm"), ("--identities", "us-east-1:x y"), ("--domain", "http://a.example"),
        ("--domain", "https://me@a.example"), ("--domain", "https://a.example;x"), ("--staff", ""), ("--domain", ""),
    ],
)  # fmt: skip
def test_options_that_lead_nowhere_are_said(
    pool: Pool, option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert option in refused(pool, capsys, option, value, status=2)
    assert not pool.asked


@pytest.fixture
def deployed(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Pool:
    """With the stacks' outputs, and credentials to look at them."""
    pool.outputs = {"Staff": POOL, "StaffSignIn": CLIENT, "StaffIdentities": IDENTITIES, "StaffLogin": pool.url}
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "INVENTED")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "invented")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    return pool


def test_where_to_sign_in_is_in_the_stacks_outputs(deployed: Pool) -> None:
    assert main(["sign-in", "--environment", "prod"]) == 0
    assert deployed.described == ["throughline-prod-people"]
    assert deployed.exchanged[0]["client_id"] == CLIENT


def test_profiles_to_hand_out_need_nothing_else(deployed: Pool, capsys: pytest.CaptureFixture[str]) -> None:
    deployed.outputs["DeskUrl"] = "https://desk.example/desk"
    assert main(["sign-in", "--config"]) == 0
    told = capsys.readouterr().out
    assert "export THROUGHLINE_DESK=https://desk.example/desk" in told
    assert told.count("[profile throughline-dev-") == 6
    assert f"credential_process = throughline sign-in --team auditor {' '.join(options(deployed))}\n" in told
    assert not deployed.asked
    assert signing_in(deployed, "--config", "--team", "agent", "--environment", "prod") == 0
    assert capsys.readouterr().out.count("[profile throughline-prod-agent]") == 1


@pytest.mark.parametrize(
    ("outputs", "variable", "said"),
    [
        ({}, {}, "There is no stack throughline-dev-people in us-east-1"),
        ({"Staff": POOL}, {}, "deploy this version"),
        ({}, {"AWS_ACCESS_KEY_ID": ""}, "throughline sign-in --config"),
        ({}, {"AWS_DEFAULT_REGION": ""}, "NoRegionError"),
        ({}, {"THROUGHLINE_SIGN_IN": "1"}, "credential_process must say"),
        ({}, {"AWS_PROFILE": "unheard-of"}, "no such AWS profile"),
    ],
)
def test_a_stack_that_does_not_tell_is_said(
    deployed: Pool,
    outputs: dict[str, str],
    variable: dict[str, str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    deployed.outputs = outputs
    for name, value in variable.items():
        monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name)
    assert main(["sign-in"]) == 2
    told = capsys.readouterr()
    assert said in told.err and told.out == ""


BROWSER = """import sys, time
from pathlib import Path
from tests.unit.commands.staff_pool import browse
browse(sys.argv[1])
here = Path(__file__).parent
for _ in range(600):
    if (here / "enough").exists():
        break
    time.sleep(0.05)
else:
    (here / "waited-for").touch()
(here / "closed").touch()
"""
"""It stays open after the sign-in, as browsers do."""
COMMAND = """import sys
from commands import main, managed_login
managed_login.PORT = 0
sys.exit(main(sys.argv[1:]))
"""


def test_any_sdk_signs_in_by_a_profile_and_nothing_is_kept(
    pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in (("browser.py", BROWSER), ("command.py", COMMAND)):
        (tmp_path / name).write_text(text, "utf-8")
    words = " ".join([sys.executable, str(tmp_path / "command.py"), "sign-in", *options(pool)])
    (tmp_path / "config").write_text(f"[profile agent]\nregion = us-east-1\ncredential_process = {words}\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(ROOT / "lambdas")]))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("BROWSER", f"{sys.executable} {tmp_path / 'browser.py'} %s &")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    # The profile that asks is the one in the environment, too: it must not ask itself.
    monkeypatch.setenv("AWS_PROFILE", "agent")
    credentials = botocore.session.Session().get_credentials()
    assert credentials is not None
    found = credentials.get_frozen_credentials()
    assert (found.access_key, found.secret_key, found.token) == ("ASIAINVENTED", SECRET, SESSION)
    assert len(pool.exchanged) == 1
    (tmp_path / "enough").touch()
    while not (tmp_path / "closed").exists():
        time.sleep(0.02)
    for name in ("enough", "closed"):
        (tmp_path / name).unlink()
    assert {it.name for it in tmp_path.iterdir()} == {"browser.py", "command.py", "config"}


def test_without_a_browser_or_a_terminal_it_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BROWSER", "false")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(managed_login.CannotBegin, match="--shell"):
        sign_in._show("http://127.0.0.1:9/")
    assert "http://127.0.0.1:9/" in capsys.readouterr().err
