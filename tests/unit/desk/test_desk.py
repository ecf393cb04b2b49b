"""Each act does its work for its teams, leaves its trail first, and gives nobody more than the matrix says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.desk.front import BrokenAudit, Front
from tests.unit.records.world import NOW, a_turn, record
from throughline.customers import linking, profile
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.conflicts import Dispute
from throughline.customers.rules import derived
from throughline.customers.store import Stored
from throughline.desk import matrix
from throughline.desk.acts import ABOUT_NOBODY
from throughline.desk.audit import reason
from throughline.desk.matrix import ACTS, Team
from throughline.dialogue.changes import Noted
from throughline.dialogue.model import Limits
from throughline.dialogue.state import Proof, State, decode, encode
from throughline.records import marks
from throughline.records.strands import ExportRow, Hold
from throughline.turn import Assurance

FOUND: dict[str, dict[str, Any]] = {
    "audit": {"day": "2033-05-18"},
    "note": {"fact": {"kind": "locale", "value": "en_US"}},
    "introduce": {"addresses": [{"kind": "email", "value": "pat@example.com"}]},
}  # fmt: skip


SAID = "what is my balance, I am pat@example.com or +1 202 555-0143"


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize("team", list(Team))
def test_a_team_can_do_its_work_and_nothing_else(team: Team, act: str) -> None:
    front = Front()
    stored = front.meets()
    more = ready(front, stored, act)
    before, done = front.store.by_customer(stored.customer, NOW), len(front.trail.entries)
    said = front.ask(team, act, customer=stored.customer, **more)
    allowed = team in ACTS[act].teams
    assert said.status == (200 if allowed else 403), said
    entries = sorted(list(front.trail.entries.values())[done:], key=lambda entry: entry.sort)
    assert entries[0].outcome == ("begun" if allowed else "refused")
    assert {entry.person for entry in entries} == {f"{team.value}-1"}
    if not allowed:
        assert list(said.body) == ["error"] and stored.customer not in json.dumps(said.body)
        assert front.store.by_customer(stored.customer, NOW) == before


def ready(front: Front, stored: Stored, act: str) -> dict[str, Any]:
    """Everything there that the act needs to be done, and the rest of its request."""
    (link,) = stored.links
    match act:
        case "unlink":
            return {"link": link, "how": "gone"}
        case "merge":
            return {"other": front.meets("+12025550144").customer}
        case "split":
            other = front.meets("+12025550144").customer
            return {"undo": front.ask(Team.SUPERVISOR, "merge", customer=stored.customer, other=other).body["undo"]}
        case "resolve":
            dispute = Dispute(stored.customer, front.meets("+12025550144").customer, stored.links[link].address, NOW)
            front.disputes.note(dispute)
            return {"conflict": dispute.id}
        case "timeline":
            front.strands.write_turn(a_turn(stored.customer, link, "t0", NOW, SAID))
            return {"link": link, "session": "s"}
        case "release":
            front.ask(Team.OPERATOR, "hold", customer=stored.customer)
            return {}
        case _:
            return FOUND.get(act, {})


def test_designers_and_customers_have_no_act_at_all() -> None:
    assert not [act for act in ACTS.values() if act.teams & {Team.DESIGNER, Team.CUSTOMER}]


@pytest.mark.parametrize("act", sorted(name for name, act in ACTS.items() if act.personal))
def test_personal_data_needs_a_reason(act: str) -> None:
    front = Front()
    stored = front.meets()
    for why in ("", "   ", None, 5):
        said = front.ask(min(ACTS[act].teams), act, customer=stored.customer, why=why, **FOUND.get(act, {}))
        assert said.status == 400 and "why" in said.body["error"]
    assert not front.trail.entries


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize("takes", [0, 1])
def test_without_a_trail_nothing_is_told(act: str, takes: int) -> None:
    front = Front(BrokenAudit(takes=takes))
    stored = front.meets()
    said = front.ask(min(ACTS[act].teams), act, customer=stored.customer, **FOUND.get(act, {}))
    assert said.status == 503
    assert list(said.body) == ["error"]
    if takes == 0:
        assert front.store.by_customer(stored.customer, NOW) == stored
        assert not front.keeping.holds and not front.replayed


def test_the_trail_names_no_address_and_masks_the_reason() -> None:
    front = Front()
    front.meets()
    address = {"kind": "phone", "value": "+1 202 555 0143"}
    assert front.ask(Team.AGENT, "look", address=address, why="card 4111 1111 1111 1111 lost").status == 200
    text = repr(front.trail.entries)
    assert "0143" not in text and "4111" not in text and "card" in text


@pytest.mark.parametrize(
    "request_", [{}, {"customer": "a/b"}, {"customer": 5}, {"address": "x"}, {"address": {"kind": "fax", "value": "1"}}]
)
def test_who_is_meant_must_be_said(request_: dict[str, Any]) -> None:
    assert Front().ask(Team.AGENT, "look", **request_).status == 400


def test_nobody_is_not_found() -> None:
    front = Front()
    assert front.ask(Team.AGENT, "look", customer="c-nobody").status == 404
    assert front.ask(Team.AGENT, "look", address={"kind": "phone", "value": "+12025550199"}).status == 404
    assert front.ask(Team.AGENT, "dance", customer="c").status == 400


def proved(front: Front, level: str, at: float) -> str:
    stored = front.meets()
    link = next(iter(stored.links))
    text = profile.noted("", Noted("name", "", "Pat Doe"), link=link, at=NOW, by="customer")
    turn = record(link, "t1", at, assurance=level)
    front.store.save(replace(stored, profile=text, turn=turn), NOW)
    front.strands.write_turn(a_turn(stored.customer, link, "t0", NOW))
    front.strands.write_turn(replace(a_turn(stored.customer, link, "t1", at), record=turn))
    return stored.customer


SESSION = "s-t1"
"""Of the record that `proved` keeps."""


def test_an_agent_sees_what_was_proved_in_the_session_that_they_serve_and_nothing_else() -> None:
    front = Front()
    customer = proved(front, "verified", NOW + 90)
    stored = front.store.by_customer(customer, front.now)
    assert stored is not None
    (link,) = stored.links
    assert front.ask(Team.AGENT, "look", customer=customer).body["assurance"] == "claimed"
    for link_, session in ((link, SESSION), (link, "another"), (None, SESSION), (link, None)):
        said = front.ask(Team.AGENT, "look", customer=customer, link=link_, session=session)
        assert said.body["assurance"] == "claimed" and "Pat" not in json.dumps(said.body)
    front.store.save(replace(stored, state=encode(State(proofs=(Proof(link, SESSION, NOW + 95, "code"),)))), front.now)
    said = front.ask(Team.AGENT, "look", customer=customer, link=link, session=SESSION)
    assert said.body["assurance"] == "verified" and said.body["profile"]["name"] == "Pat Doe"
    for request in ({"session": "another"}, {"session": ""}, {"session": SESSION, "link": "l-2"}):
        said = front.ask(Team.AGENT, "look", customer=customer, **{"link": link} | request)
        assert said.status == 404 or said.body["assurance"] == "claimed"
    front.now = NOW + 95 + Limits().verified_minutes * 60
    said = front.ask(Team.AGENT, "look", customer=customer, link=link, session=SESSION)
    assert said.body["assurance"] == "claimed" and "Pat" not in json.dumps(said.body)


def by_page(front: Front) -> tuple[str, str]:
    """Somebody known who comes by a browser, which the transport proves."""
    stored, link = front.store.by_address(Address(AddressKind.WEB, "device-1"), NOW)
    held = replace(stored.links[link], assurance=Assurance.LINKED, evidence="login")
    front.store.save(replace(stored, links={link: held}, turn=record(link, "t1", NOW + 90)), NOW)
    return stored.customer, link


def test_a_session_counts_only_where_it_was_and_not_by_what_we_sent_there() -> None:
    front = Front()
    customer, link = by_page(front)

    def level() -> str:
        body = front.ask(Team.AGENT, "look", customer=customer, link=link, session=SESSION).body
        return str(body["assurance"])

    assert level() == "linked"
    stored = front.store.by_customer(customer, front.now)
    assert stored is not None
    stored = front.store.save(replace(stored, turn=record(link, "t1", NOW + 95, sent=True)), front.now)
    assert level() == "claimed"
    front.strands.write_turn(a_turn(customer, link, "t1", NOW + 90))
    assert level() == "linked", "the turn before ours is found behind it"
    front.now += 3600
    assert level() == "claimed"


def test_an_agents_timeline_repeats_nothing_said_at_a_higher_level_and_a_supervisors_does() -> None:
    front = Front()
    customer = proved(front, "claimed", NOW + 90)
    stored = front.store.by_customer(customer, front.now)
    assert stored is not None
    (link,) = stored.links
    sent = record(link, "t2", NOW + 91, assurance="verified", sent=True)
    front.strands.write_turn(replace(a_turn(customer, link, "t2", NOW + 91), record=sent))
    assert [turn["assurance"] for turn in front.ask(Team.AGENT, "timeline", customer=customer).body["turns"]] == [
        "claimed"
    ]
    assert front.ask(Team.SUPERVISOR, "timeline", customer=customer).body["of"] == 3


def test_no_address_is_shown_whole_and_an_operator_sees_not_even_its_end() -> None:
    front = Front()
    stored = front.meets()
    agent = front.ask(Team.AGENT, "links", customer=stored.customer).body
    operator = front.ask(Team.OPERATOR, "links", customer=stored.customer).body
    assert agent["links"][0]["address"] == "…43" and "hold" not in agent
    assert "address" not in operator["links"][0] and operator["hold"] is False
    assert "5550143" not in json.dumps([agent, operator])


@pytest.mark.parametrize(
    ("mailbox", "seen"),
    [("pat.doe@example.com", "p…@example.com"), ("p@example.com", "…@example.com")],
)
def test_of_a_mailbox_an_agent_sees_how_it_begins_and_where_it_is(mailbox: str, seen: str) -> None:
    front = Front()
    stored, _ = front.store.by_address(Address(AddressKind.EMAIL, mailbox), NOW)
    front.store.save(stored, NOW)
    said = front.ask(Team.AGENT, "links", customer=stored.customer).body
    assert said["links"][0]["address"] == seen
    assert mailbox not in json.dumps(said, ensure_ascii=False)


def test_nested_merges_are_found_among_the_links_and_undone_by_their_acts() -> None:
    front = Front()
    a, b, c = (front.meets(f"+120255501{number}") for number in (43, 44, 45))
    inner = front.ask(Team.SUPERVISOR, "merge", customer=b.customer, other=c.customer).body["undo"]
    outer = front.ask(Team.SUPERVISOR, "merge", customer=a.customer, other=b.customer).body["undo"]
    (link,) = c.links
    rows = front.ask(Team.SUPERVISOR, "links", customer=a.customer).body["links"]
    came = {row["id"]: row.get("came", []) for row in rows}
    assert [(one["from"], one["act"]) for one in came[link]] == [(c.customer, inner), (b.customer, outer)]
    assert came[link][0] | {"when": ""} == {
        "from": c.customer, "assurance": "linked", "evidence": "code", "when": "", "act": inner
    }  # fmt: skip
    assert not any(came[one] for one in a.links), "what began here came from nowhere"
    for act in (came[link][0]["act"], outer):
        assert front.ask(Team.SUPERVISOR, "split", customer=a.customer, undo=act).status == 200
    for one in (a, b, c):
        back = front.store.by_customer(one.customer, front.now)
        assert back is not None and set(back.links) == set(one.links)


def test_an_address_that_was_given_up_leads_to_nobody_at_the_desk() -> None:
    front = Front()
    stored = front.meets()
    (link,) = stored.links
    assert front.ask(Team.AGENT, "unlink", customer=stored.customer, link=link, how="gone").status == 200
    given_up = {"kind": "phone", "value": "+12025550143"}
    for team, act in ((Team.AGENT, "look"), (Team.OPERATOR, "erase")):
        said = front.ask(team, act, address=given_up)
        assert said.status == 404 and stored.customer not in json.dumps(said.body)
    after = front.store.by_customer(stored.customer, front.now)
    assert after is not None and not after.mark
    assert front.ask(Team.AGENT, "look", customer=stored.customer).status == 200
    somebody, _ = front.store.by_address(Address(AddressKind.PHONE, "+12025550143"), front.now)
    front.store.save(somebody, front.now)
    assert front.ask(Team.AGENT, "look", address=given_up).body["customer"] == somebody.customer != stored.customer


def test_where_a_session_that_was_another_leaves_as_wrong_nobody_acts_any_more() -> None:
    front = Front()
    owner, caller = front.meets("+12025550143"), front.meets("+12025550144")
    (way,) = owner.links
    shared = linking.share(
        owner, caller, way, session="s", household=None, how="code", by="customer", now=front.now
    )  # fmt: skip
    front.store.relink(shared, front.now)
    (link,) = shared.of(caller.customer).links.keys() - caller.links.keys()
    said = front.ask(Team.AGENT, "unlink", customer=caller.customer, link=link, how="wrong")
    assert said.status == 200 and owner.customer not in json.dumps(said.body)
    after = front.store.by_customer(owner.customer, front.now)
    assert after is not None and decode(after.state).acting == ()


def test_analysts_get_words_without_who_said_them() -> None:
    front = Front()
    stored = front.meets()
    link = next(iter(stored.links))
    for number in range(4):
        front.strands.write_turn(a_turn(stored.customer, link, f"t{number}", NOW + number, SAID))
    one, other = (front.ask(Team.ANALYST, "transcripts").body for _ in range(2))
    text = json.dumps(one)
    address = next(iter(stored.links.values())).address
    for secret in (stored.customer, link, address, "t0", "2033-05-1", "0143", "pat@"):
        assert secret not in text
    assert one["conversations"][0]["turns"][0]["said"] == "what is my balance, I am [address] or [address]"
    assert one["conversations"][0]["person"] != other["conversations"][0]["person"]


def test_a_merge_is_undone_by_its_act() -> None:
    front = Front()
    a, b = front.meets(), front.meets("+12025550144")
    merged = front.ask(Team.SUPERVISOR, "merge", customer=a.customer, other=b.customer)
    assert merged.status == 200
    both = front.store.by_customer(a.customer, front.now)
    assert both is not None and set(both.links) == {*a.links, *b.links}
    undone = front.ask(Team.SUPERVISOR, "split", customer=a.customer, undo=merged.body["undo"])
    assert undone.status == 200
    back = front.store.by_customer(b.customer, front.now)
    assert back is not None and set(back.links) == set(b.links)


@pytest.mark.parametrize("side", [0, 1])
def test_a_legal_hold_on_either_side_forbids_to_merge(side: int) -> None:
    front = Front()
    both = front.meets(), front.meets("+12025550144")
    front.ask(Team.OPERATOR, "hold", customer=both[side].customer)
    said = front.ask(Team.SUPERVISOR, "merge", customer=both[0].customer, other=both[1].customer)
    assert (said.status, said.body["held"]) == (409, [both[side].customer]) and "hold" in said.body["error"]
    assert [front.store.by_customer(one.customer, front.now) for one in both] == list(both)


@pytest.mark.parametrize("side", [0, 1])
def test_a_legal_hold_on_either_side_forbids_to_take_apart_and_to_erase(side: int) -> None:
    front = Front()
    a, b = front.meets(), front.meets("+12025550144")
    undo = front.ask(Team.SUPERVISOR, "merge", customer=a.customer, other=b.customer).body["undo"]
    front.keeping.write_hold(Hold((a, b)[side].customer, "operator-1", "case", front.now))
    before = front.store.by_customer(a.customer, front.now)
    for team, act, more in (
        (Team.SUPERVISOR, "split", {"undo": undo}),
        (Team.AGENT, "unlink", {"link": next(iter(b.links)), "how": "wrong"}),
    ):
        said = front.ask(team, act, customer=a.customer, **more)
        assert (said.status, said.body["held"]) == (409, [(a, b)[side].customer])
    assert front.ask(Team.OPERATOR, "erase", customer=a.customer).body["erasure"] == "held"
    assert front.store.by_customer(a.customer, front.now) == before
    assert front.ask(Team.OPERATOR, "release", customer=(a, b)[side].customer).body["erasure"] == "begins now"


@pytest.mark.parametrize("how", ["gone", "wrong"])
def test_a_link_leaves(how: str) -> None:
    front = Front()
    stored = front.meets()
    link = next(iter(stored.links))
    assert front.ask(Team.AGENT, "unlink", customer=stored.customer, link=link, how=how).status == 200
    there = front.store.by_customer(stored.customer, front.now)
    held = there.links.get(link) if there is not None else None
    assert held is None if how == "wrong" else held is not None and held.closed


def test_a_link_that_is_not_there_or_leaves_in_no_known_way_is_refused() -> None:
    front = Front()
    stored = front.meets()
    assert front.ask(Team.AGENT, "unlink", customer=stored.customer, link="x", how="gone").status == 404
    link = next(iter(stored.links))
    assert front.ask(Team.AGENT, "unlink", customer=stored.customer, link=link, how="away").status == 400


def test_an_erasure_is_announced_and_every_pointer_dies_at_once() -> None:
    front = Front()
    stored = front.meets()
    assert front.ask(Team.OPERATOR, "erase", customer=stored.customer).body == {"erasure": "begun"}
    there = front.keeping.conversation(stored.customer)
    mark = marks.read(there.mark) if there is not None else None
    assert there is not None and there.links == {}
    assert mark is not None and mark.by == marks.OPERATOR and set(mark.links) == set(stored.links)
    assert front.ask(Team.OPERATOR, "erase", customer=stored.customer).status == 404


def test_a_held_customer_is_erased_when_the_hold_ends() -> None:
    front = Front()
    stored = front.meets()
    assert front.ask(Team.OPERATOR, "hold", customer=stored.customer).body == {"hold": "in force"}
    assert front.ask(Team.OPERATOR, "hold", customer=stored.customer).body == {"hold": "was in force already"}
    assert front.ask(Team.OPERATOR, "erase", customer=stored.customer).body["erasure"] == "held"
    there = front.keeping.conversation(stored.customer)
    assert there is not None and there.links
    assert front.ask(Team.OPERATOR, "release", customer=stored.customer).body["erasure"] == "begins now"
    assert front.ask(Team.OPERATOR, "release", customer=stored.customer).status == 404


def test_an_export_is_announced_then_handed_over() -> None:
    front = Front()
    stored = front.meets()
    assert front.ask(Team.OPERATOR, "export", customer=stored.customer).body == {"export": "being made"}
    there = front.keeping.conversation(stored.customer)
    assert there is not None and there.links and marks.read(there.mark) is not None
    front.keeping.write_export(stored.customer, ExportRow("e1", NOW, int(front.now) + 60))
    assert front.ask(Team.OPERATOR, "export", customer=stored.customer).body["link"].startswith("https://")
    assert front.ask(Team.OPERATOR, "export", customer=stored.customer, fresh=True).body["export"] == "being made"


def test_a_conflict_is_closed_at_both() -> None:
    front = Front()
    stored = front.meets()
    front.keeping.conflicts |= {stored.customer: {"conflict#9": "c-x"}, "c-x": {"conflict#9": stored.customer}}
    assert front.ask(Team.SUPERVISOR, "links", customer=stored.customer).body["conflicts"][0]["id"] == "9"
    assert front.ask(Team.SUPERVISOR, "resolve", customer=stored.customer, conflict="9").status == 200
    assert not any(front.keeping.conflicts.values())


def test_supervisors_find_the_open_conflicts_newest_first_and_a_closed_one_no_more() -> None:
    front = Front()
    for number, at in ((1, NOW + 1), (2, NOW + 3), (3, NOW + 2)):
        front.disputes.note(Dispute(f"ca{number}", f"cb{number}", "a1.hash", at))
    said = front.ask(Team.SUPERVISOR, "conflicts").body
    assert [one["between"][0] for one in said["conflicts"]] == ["ca2", "ca3", "ca1"] and said["of"] == 3
    front.store.save(replace(front.meets(), customer="ca2", version=0, nonce=""), NOW)
    front.ask(Team.SUPERVISOR, "resolve", customer="ca2", conflict=said["conflicts"][0]["id"])
    found = front.ask(Team.SUPERVISOR, "conflicts", most=1).body
    assert [one["between"][0] for one in found["conflicts"]] == ["ca3"] and found["of"] == 2


def test_a_customers_id_that_is_a_card_number_never_reaches_the_trail() -> None:
    front = Front()
    said = front.ask(Team.AGENT, "look", customer="4111111111111111")
    assert said.status == 400 and "4111" not in json.dumps(said.body)
    assert not front.trail.entries


@given(st.binary(min_size=16, max_size=16))
def test_no_id_of_ours_is_taken_for_a_number(digest: bytes) -> None:
    assert Front().ask(Team.AGENT, "look", customer=derived("c", digest.hex())).status == 404


def test_the_trails_reason_keeps_no_address_and_no_long_number() -> None:
    front = Front()
    why = "case 4711, asked from pat@example.com or +1 202 555 0143, reference 123456789"
    front.ask(Team.AGENT, "look", customer=front.meets().customer, why=why)
    kept = {entry.why for entry in front.trail.entries.values()}
    assert len(kept) == 1 and "4711" in kept.pop()
    assert not [w for w in ("pat@", "0143", "123456789") if w in repr(front.trail.entries)]
    assert "0143" not in reason("x" * 290 + " +1 202 555 0143"), "not even where it is cut off"


def test_auditors_read_the_day_and_are_in_it() -> None:
    front = Front()
    stored = front.meets()
    front.ask(Team.AGENT, "look", customer=stored.customer)
    said = front.ask(Team.AUDITOR, "audit", day="2033-05-18", customer=stored.customer)
    assert [(entry["act"], entry["outcome"]) for entry in said.body["entries"]] == [("look", "begun"), ("look", "told")]
    everybody = front.ask(Team.AUDITOR, "audit", day="2033-05-18").body["entries"]
    assert "audit" in {entry["act"] for entry in everybody}
    assert front.ask(Team.AUDITOR, "audit", day="yesterday").status == 400


def test_the_replay_is_begun_by_an_operator() -> None:
    front = Front()
    assert front.ask(Team.OPERATOR, "replay-tombstones").status == 200
    assert front.ask(Team.OPERATOR, "finish-erasures").status == 200
    assert front.replayed == [("operator-1", False), ("operator-1", True)]


def test_every_act_has_a_deed_and_a_reason() -> None:
    assert set(ACTS) >= ABOUT_NOBODY
    for act in ACTS.values():
        assert act.what and act.because and act.teams


def test_the_readme_shows_this_matrix() -> None:
    readme = (Path(__file__).resolve().parents[3] / "README.md").read_text("utf-8")
    if "<!-- teams -->" in readme:
        shown = readme.split("<!-- teams -->")[1].partition("<!-- /teams -->")[0].strip()
        assert shown == matrix.markdown()


def test_assurance_of_old_proofs_is_but_a_claim() -> None:
    front = Front()
    customer = proved(front, "verified", NOW - 4000)
    said = front.ask(Team.SUPERVISOR, "look", customer=customer)
    assert said.body["assurance"] == Assurance.CLAIMED.name.lower()
