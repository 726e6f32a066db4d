"""Twenty-five ways to tamper with a proof, each rejected; what only a witness can tell is told with a witness."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tampering import Proof, fingerprint, kinds, own_key

Hand = Callable[[Proof, dict[str, int]], None]
FILES: dict[str, Hand] = {}  # only the files were changed
DATABASE: dict[str, Hand] = {}  # the database was changed and exported: the manifest fits
SIGNED: dict[str, Hand] = {}  # even the key was at hand: only what others have kept can tell


def way(among: dict[str, Hand]):
    def declare(hand: Hand) -> Hand:
        among[hand.__name__] = hand
        return hand

    return declare


def facts_of(entry):
    return json.loads(entry["body"])


def put(entry, facts):
    entry["body"] = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


@way(FILES)
def a_letter_of_an_opinion(proof, told):
    entry = next(e for e in proof.entries if e["move"] == "grant")
    entry["body"] = entry["body"].replace("符合", "不符合", 1)


@way(FILES)
def a_day_of_the_calendar(proof, told):
    next(iter(proof.ground["calendars"].values()))[0][0] = "2031-01-02"


@way(FILES)
def the_published_key(proof, told):
    other = Ed25519PrivateKey.generate()
    proof.rows["keys"][0] |= {"key": fingerprint(other), "public": other.public_key().public_bytes_raw().hex()}


@way(FILES)
def the_light_of_a_matter(proof, told):
    proof.row(told["paused"])["light"] = "green"


@way(DATABASE)
def the_actor_of_an_entry(proof, told):
    proof.of(told["late"])[3]["actor"] += 1


@way(DATABASE)
def an_entry_removed_from_the_middle(proof, told):
    proof.entries.remove(proof.of(told["whole"])[4])


@way(DATABASE)
def the_last_entry_of_a_journal_removed(proof, told):
    proof.entries.remove(proof.of(told["whole"])[-1])


@way(DATABASE)
def two_entries_exchanged(proof, told):
    one, other = proof.of(told["whole"])[2:4]
    n = proof.entries.index(one)
    proof.entries[n : n + 2] = [other, one]


@way(DATABASE)
def an_entry_written_twice(proof, told):
    entry = proof.of(told["asked"])[1]
    proof.entries.insert(proof.entries.index(entry), copy.deepcopy(entry))


@way(DATABASE)
def a_journal_hashed_anew(proof, told):
    entry = proof.of(told["late"])[2]
    entry["actor"] += 1
    proof.rechain(told["late"])


@way(DATABASE)
def a_journal_and_the_log_hashed_anew(proof, told):
    proof.of(told["late"])[2]["actor"] += 1
    proof.rechain(told["late"])
    proof.relay()


@way(DATABASE)
def a_whole_matter_removed(proof, told):
    proof.drop(told["gone"])


@way(DATABASE)
def a_whole_matter_removed_with_its_leaves(proof, told):
    proof.drop(told["gone"])
    proof.relay()


@way(DATABASE)
def the_tail_cut_off(proof, told):
    proof.drop(told["fresh"])
    proof.rows["log"] = proof.rows["log"][:-1]


@way(DATABASE)
def an_entry_back_dated_and_hashed_anew(proof, told):
    entry = proof.of(told["late"])[-1]
    entry["recorded_at"] -= 40 * 86_400_000_000
    entry["at"] = entry["recorded_at"]
    proof.rechain(told["late"])
    proof.relay()


@way(DATABASE)
def a_matter_invented(proof, told):
    row, entries = copy.deepcopy(proof.row(told["gone"])), copy.deepcopy(proof.of(told["gone"]))
    row["id"] = 10**6
    for entry in entries:
        entry |= {"matter": 10**6, "position": None}
    proof.rows["matters"].append(row)
    proof.entries.extend(entries)
    proof.rechain(10**6)


@way(DATABASE)
def a_red_light_put_out_in_the_row(proof, told):
    proof.row(told["late"])["late"] = False


@way(DATABASE)
def a_red_light_taken_off_the_record(proof, told):
    proof.row(told["late"])["red_lights"].pop()


@way(DATABASE)
def a_clock_lengthened_in_the_row(proof, told):
    clock = next(iter(proof.row(told["paused"])["clocks"].values()))
    clock["limit"] += 5


@way(DATABASE)
def a_holiday_invented(proof, told):
    next(iter(proof.ground["calendars"].values())).append(["2026-03-06", "holiday", 1, None])


@way(DATABASE)
def the_office_hours_lengthened(proof, told):
    for place in proof.ground["departments"].values():
        place["hours"] = [[since, hours.replace("17:00", "18:00")] for since, hours in place["hours"]]


@way(DATABASE)
def a_number_left_out(proof, told):
    key = next(key for key in proof.ground["series"] if key.startswith("document:"))
    proof.ground["series"][key] += 1


@way(DATABASE)
def a_checkpoint_removed(proof, told):
    del proof.rows["checkpoints"][2]


@way(DATABASE)
def the_last_checkpoints_removed_with_what_they_sealed(proof, told):
    proof.rows["checkpoints"] = proof.rows["checkpoints"][:2]
    size = proof.rows["checkpoints"][-1]["size"]
    proof.rows["log"] = proof.rows["log"][:size]
    for entry in proof.entries:
        entry["position"] = entry["position"] if entry["position"] < size else None


@way(DATABASE)
def a_checkpoint_dated_back(proof, told):
    proof.rows["checkpoints"][4]["at"] -= 86_400_000_000


@way(SIGNED)
def everything_signed_anew_with_another_key(proof, told):
    proof.sign(Ed25519PrivateKey.generate())


@way(SIGNED)
def a_matter_removed_and_everything_signed_anew(proof, told):
    proof.drop(told["hours"])
    proof.relay()
    proof.sign(own_key())


@way(SIGNED)
def a_journal_hashed_and_everything_signed_anew(proof, told):
    facts = facts_of(entry := proof.of(told["late"])[3])
    put(entry, facts | {"what": facts.get("what", {}) | {"opinion": "从来如此"}})
    proof.rechain(told["late"])
    proof.relay()
    proof.sign(own_key())


def test_there_are_twenty_five_and_more():
    assert len(FILES) + len(DATABASE) + len(SIGNED) >= 25


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_rejected(name, clean, told, tmp_path):
    proof = Proof(clean)
    FILES[name](proof, told)
    assert kinds(proof.write(tmp_path))


@pytest.mark.parametrize("name", DATABASE)
def test_a_changed_database_is_rejected_though_the_manifest_fits(name, clean, told, tmp_path):
    proof = Proof(clean)
    DATABASE[name](proof, told)
    assert kinds(proof.write(tmp_path, seal=own_key()))


@pytest.mark.parametrize("name", SIGNED)
def test_what_was_signed_anew_is_rejected_by_what_others_have_kept(name, clean, told, tmp_path):
    proof, kept = Proof(clean), tmp_path / "kept.txt"
    receipt = proof.of(told["hours"])[0]["hash"]
    kept.write_text("\n".join([json.dumps(proof.rows["checkpoints"][-1]), receipt, ""]))
    honest = fingerprint(own_key())
    SIGNED[name](proof, told)
    seal = own_key() if proof.manifest["key"] == honest else Ed25519PrivateKey.generate()
    folder = proof.write(tmp_path / "proof", seal=seal)
    assert kinds(folder, "--key", honest, "--witness", str(kept)) & {"key", "witness"}


def test_a_clean_proof_taken_apart_and_put_together_is_sound(clean, told, tmp_path):
    assert kinds(Proof(clean).write(tmp_path, seal=own_key())) == set()


def test_a_clean_proof_stands_before_every_witness(clean, told, tmp_path):
    proof, kept = Proof(clean), tmp_path / "kept.txt"
    lines = [*(json.dumps(row) for row in proof.rows["checkpoints"]), *(entry["hash"] for entry in proof.entries)]
    kept.write_text("\n".join(lines))
    assert kinds(clean, "--key", fingerprint(own_key()), "--witness", str(kept)) == set()


@pytest.mark.parametrize(
    "name, kind",
    [
        ("a_whole_matter_removed", "removed"),
        ("an_entry_back_dated_and_hashed_anew", "backdated"),
        ("a_matter_invented", "backdated"),
        ("a_holiday_invented", "light"),
        ("a_red_light_put_out_in_the_row", "light"),
        ("the_actor_of_an_entry", "changed"),
    ],
)
def test_it_says_what_was_done(name, kind, clean, told, tmp_path):
    proof = Proof(clean)
    DATABASE[name](proof, told)
    assert kind in kinds(proof.write(tmp_path, seal=own_key()))


def test_what_is_no_proof_cannot_be_verified(tmp_path: Path):
    from tampering import verdict

    assert verdict(tmp_path)[0] == 2
