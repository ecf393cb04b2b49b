from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from rehearsal.connect.__main__ import main, read_file
from rehearsal.connect.blocks import BLOCKS, coverage
from rehearsal.connect.circumstances import World, suggested, worlds
from rehearsal.connect.errors import BrokenFlow
from rehearsal.connect.explorer import MOST_RUNS, explore, walk
from rehearsal.connect.flows import Flow
from rehearsal.connect.inputs import Keys, Said, Silence
from rehearsal.connect.stand_ins import AnsweringLambdas

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.json"))
FLOWS = {path.stem: read_file(path) for path in SAMPLES}
ANSWERS: Mapping[str, object] = {"rooms": {"free": "3"}, "renew": {"until": "Friday"}}
CIRCUMSTANCES = (*worlds(ANSWERS), *suggested([*FLOWS.values()], ANSWERS))
REFUSED = {"unknown-block": "TeleportContact", "old-odd-block": "BrewCoffee"}
UNSEEN = {
    "customer-hold": {"end"},
    "numbers": {"young"},
    "unknown-block": {"bye"},
    "old-odd-block": {"o3"},
}
"""Blocks to which no stand-in leads: their circumstances can't come about."""


def others(name: str) -> list[Flow]:
    return [it for stem, it in FLOWS.items() if stem != name]


def test_there_are_flows_of_many_kinds() -> None:
    assert len(FLOWS) >= 12
    assert sum("modules" in json.loads(path.read_text("utf-8")) for path in SAMPLES) >= 4


@pytest.mark.parametrize("name", FLOWS)
def test_every_walk_through_a_foreign_flow_ends_or_names_its_unsupported_block(name: str) -> None:
    report = explore(FLOWS[name], others(name), CIRCUMSTANCES)
    assert 0 < len(report.walks) < MOST_RUNS * len(CIRCUMSTANCES)
    for it in report.walks:
        assert it.ended != "waiting"
        assert not it.ended.startswith("dead_end"), it
    if name in REFUSED:
        assert all(REFUSED[name] in it for it in report.unsupported) and report.unsupported
    else:
        assert not report.unsupported
    assert bool(report.loops) == (name == "round-and-round")
    assert set(report.unseen) == UNSEEN.get(name, set())


@pytest.mark.parametrize("name", ["library-menu", "old-reception", "clinic-waiting"])
def test_exploring_is_deterministic(name: str) -> None:
    first, second = (explore(FLOWS[name], others(name), CIRCUMSTANCES) for _ in range(2))
    assert first == second


def test_an_old_export_runs_as_its_blocks_say() -> None:
    world = World("one", lambdas=ANSWERS)
    it = walk(FLOWS["old-reception"], others("old-reception"), world, [Keys("1")])
    taken = [step.rpartition("/")[2] for step in it.path]
    assert taken == "m1 m2 m3 m4 m5 m6 m7 m8 m12 m13 m14 m15".split()
    assert it.ended == "customer"
    stuck = walk(FLOWS["old-reception"], others("old-reception"), world, [Keys("9"), Silence()])
    assert [step.rpartition("/")[2] for step in stuck.path][-4:] == ["m5", "m10", "m5", "m9"]
    bot = walk(FLOWS["old-waiting"], [], world, [Silence(), Said("Yes")])
    assert [step.rpartition("/")[2] for step in bot.path][-3:] == ["w1", "w2", "w4"]


def test_the_command_prints_paths_and_endings(capsys: pytest.CaptureFixture[str]) -> None:
    sample = {path.stem: str(path) for path in SAMPLES}
    assert main([sample["library-menu"], "--keys", "1"]) == 0
    out = capsys.readouterr().out
    assert "Library menu/welcome → Library menu/menu → Library menu/hours → Library menu/bye" in out
    assert "ended: flow" in out
    assert main([sample["unknown-block"], sample["round-and-round"], "--all"]) == 0
    out = capsys.readouterr().out
    assert "unsupported TeleportContact (odd)" in out and "ended: loop" in out
    assert main([sample["library-menu"], "--lambda", 'renew={"until": "May"}', "--keys", "2", "--keys", "12#"]) == 0
    assert "renewed" in capsys.readouterr().out
    assert main(["--coverage"]) == 0
    assert capsys.readouterr().out.strip() == coverage()


def test_the_command_fails_for_broken_files_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for content in ("nonsense", "[]", '{"Resources": {}}', '{"Actions": []}'):
        broken = tmp_path / "broken.json"
        broken.write_text(content, "utf-8")
        assert main([str(broken)]) == 1
        assert "broken.json" in capsys.readouterr().err
    with pytest.raises(BrokenFlow, match="can't be read"):
        read_file(tmp_path / "absent.json")
    for wrong in ("name", "name=nonsense"):
        with pytest.raises(SystemExit):
            main(["--lambda", wrong])


def test_an_answer_of_the_api_is_read_too(tmp_path: Path) -> None:
    content = SAMPLES[0].read_text("utf-8")
    file = tmp_path / "described.json"
    described = {"Arn": "arn:x/contact-flow/1", "Name": "Described", "Type": "QUEUE_TRANSFER", "Content": content}
    file.write_text(json.dumps({"ContactFlow": described}), "utf-8")
    it = read_file(file)
    assert (it.arn, it.name, it.kind) == ("arn:x/contact-flow/1", "Described", "QUEUE_TRANSFER")
    file.write_text(json.dumps({"ContactFlowModule": {"Name": "M", "Content": content}}), "utf-8")
    assert read_file(file).kind == "MODULE"


def test_the_table_has_a_row_for_every_block() -> None:
    rows = coverage().splitlines()[2:]
    assert len(rows) == len(BLOCKS) >= 60
    assert all(it.startswith("| `") and "https://docs.aws.amazon.com/" in it for it in rows)


def test_stand_in_functions_answer_by_name_or_arn() -> None:
    it = AnsweringLambdas({"rooms": {"free": "1"}}, otherwise={})
    assert it.invoke("arn:aws:lambda:r:a:function:rooms:live", {}, 8).payload == {"free": "1"}
    assert it.invoke("arn:aws:lambda:r:a:function:other", {}, 8).payload == {}
