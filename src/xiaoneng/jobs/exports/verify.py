#!/usr/bin/env python3
"""Verifies what `xiaoneng export proof DIR` wrote: was anything changed, removed, inserted or back-dated?

Stands alone: Python 3.11, standard library. Signatures are checked with `cryptography` or `openssl`; where neither is, it
says so. A witness file holds what an outsider kept: checkpoints, proofs, receipts' hashes. Exit: 0 sound, 1 not, 2 unreadable.
"""

import argparse
import calendar
import datetime as dt
import hashlib
import json
import subprocess
import sys
import tempfile
from bisect import bisect_right
from collections import Counter, defaultdict
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any

CHINA, DAY, SLACK = dt.timezone(dt.timedelta(hours=8)), dt.timedelta(days=1), 2_000_000
LONG = 600_000_000  # the longest time from the moment of record to the commit, in microseconds
FILES = ("keys.jsonl", "checkpoints.jsonl", "log.jsonl", "entries.jsonl", "matters.jsonl", "ground.json")
HASHED = "matter seq move actor role authority at claimed_at recorded_at body numbers item_version calendar source key"
FIXED = ("unit", "limit", "started_on", "started_at", "step", "counts", "threshold")


def _sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def _leaf(row: Any) -> bytes:
    return _sha(b"\0", row["matter"].to_bytes(8, "big"), row["seq"].to_bytes(4, "big"), bytes.fromhex(row["hash"]))


def _text(at: Any) -> str:  # instants are compared as the journal writes them: in UTC, to the microsecond
    at = at if isinstance(at, dt.datetime) else dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(microseconds=at)
    return str(at.astimezone(dt.UTC).isoformat(timespec="microseconds"))


def _is_signed(public: bytes, message: bytes, signature: bytes) -> bool | None:
    with suppress(ImportError):
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
            return True
        except Exception:  # its InvalidSignature, or what is no key at all
            return False
    with tempfile.TemporaryDirectory() as folder, suppress(OSError):
        public = bytes.fromhex("302a300506032b6570032100") + public
        for name, content in (("key", public), ("message", message), ("signature", signature)):
            Path(folder, name).write_bytes(content)
        words = "openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in message -sigfile signature"
        done = subprocess.run(words.split(), cwd=folder, capture_output=True, check=False)
        return True if done.returncode == 0 else False if b"erification" in done.stdout + done.stderr else None
    return None


def _reckon(clock: Any, days: Any, hours: str) -> Any:
    unit, n, start = clock["unit"], clock["limit"] + clock["extension"], dt.date.fromisoformat(clock["started_on"])
    pauses = [(each["from"], each["to"] or "9999") for each in clock["pauses"]]
    forever = min((begin for begin, end in pauses if end == "9999"), default="9999")
    percent, least = clock.get("threshold", (20, 1))  # it warns when so much of the limit, or so few days, remain

    def works(day: dt.date) -> bool:
        return str(day) in days["makeup"] or (day.weekday() < 5 and str(day) not in days["holiday"])

    def nth(count: int) -> Any:
        day = start
        while count and str(day) <= forever:
            day += DAY
            count -= not any(a < str(day) <= b for a, b in pauses) and (unit != "working_day" or works(day))
        return day if str(day) <= forever else None

    def run(left: dt.timedelta) -> Any:
        moment = dt.datetime.fromisoformat(clock["started_at"]).astimezone(CHINA)
        while (day := str(moment.date())) <= forever:
            midnight = dt.datetime.combine(moment.date() + DAY, dt.time(), CHINA)
            room = (midnight - moment) * (not any(a < day <= b for a, b in pauses))
            if left <= room:
                return moment + left
            left, moment = left - room, midnight

    if unit == "hour":
        red, yellow = (run(dt.timedelta(seconds=36 * n * share)) for share in (100, 100 - percent))
        return (str(red.date()), _text(yellow), _text(red), False) if red else (None, None, None, clock["provisional"])
    if unit == "month":
        year, month = divmod(start.year * 12 + start.month - 1 + n, 12)
        n = (dt.date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1])) - start).days
    last, warned = nth(n), max(1, n - max(least, (n * percent + 99) // 100))
    if last is None:
        return None, None, None, clock["provisional"]
    due, first = last, start + DAY if unit == "working_day" and n else last
    while not works(due):
        due += DAY
    sessions = max(each.rpartition("=")[::2] for each in hours.split(";") if each.rpartition("=")[0] <= str(due))[1]
    opens, closes = (dt.time.fromisoformat(sessions.split("-")[edge]) for edge in (0, -1))
    yellow_on = (nth(warned) if warned < n else None) or due
    yellow = dt.datetime.combine(yellow_on, dt.time() if n else opens, CHINA)
    guess = any(str(year) not in days["notice"] for year in range(first.year, due.year + 1))
    return str(due), _text(yellow), _text(dt.datetime.combine(due, closes, CHINA)), guess


class _Verifier:
    def __init__(self, where: str, key: str, witnesses: list[str]) -> None:
        self.where, self.notes, self.counts, self.findings = Path(where), set[str](), Counter[str](), list[Any]()
        self.manifest = json.loads((self.where / "manifest.json").read_bytes())
        self.as_of, self.key = int(self.manifest["as_of"]), key or self.manifest["key"]
        self.drawn, self.sealed, self.told = defaultdict[str, Any](list), defaultdict[Any, Any](list), dict[Any, Any]()
        self.leaves, self.places, self.days = bytearray(), list[Any](), dict[Any, Any]()
        lines = [line.strip() for name in witnesses for line in Path(name).read_text().splitlines() if line.strip()]
        kept: list[Any] = [json.loads(line) if line[0] == "{" else {"hash": line.lower()} for line in lines]
        kept += [each["checkpoint"] for each in kept if "checkpoint" in each]
        self.receipts = {each["hash"] for each in kept if "hash" in each}
        self.roots = defaultdict(set, {each["size"]: {("witness", each["root"])} for each in kept if "root" in each})

    def _need(self, holds: Any, kind: str, what: str, where: object) -> None:
        if not holds:
            self.findings.append({"kind": kind, "what": what, "where": str(where)})

    def _rows(self, name: str) -> Any:
        with (self.where / name).open("rb") as lines:
            yield from map(json.loads, lines)

    def _files(self) -> None:
        self.keys = {_sha(key := bytes.fromhex(row["public"])).hex(): key for row in self._rows("keys.jsonl")}
        for name in FILES:
            with (self.where / name).open("rb") as file:
                same = hashlib.file_digest(file, "sha256").hexdigest() == self.manifest["files"].get(name)
            self._need(same, "changed", "与清单中的校验和不符，导出以后被改动过", name)
        signature = (self.where / "manifest.sig").read_text().strip()
        self._signed(self.manifest["key"], (self.where / "manifest.json").read_bytes(), signature, "manifest.json")

    def _signed(self, key: str, message: bytes, signature: str, where: str) -> None:
        known = key in self.keys and key == self.key
        self._need(known, "key", "签名的公钥不是公布的那一把，或者中途换过", where)
        verdict = _is_signed(self.keys[key], message, bytes.fromhex(signature)) if known else True
        self._need(verdict is not False, "signature", "签名无效", where)
        self.notes |= {"签名没有核对：没有 Python 包 cryptography，也没有可用的 openssl"} if verdict is None else set()

    def _checkpoints(self) -> None:
        self.sizes, self.times, prev = [0], [0], bytes(32).hex()
        for n, row in enumerate(self._rows("checkpoints.jsonl"), 1):
            text = f"xiaoneng checkpoint 1\n{row['number']}\n{row['size']}\n{row['root']}\n{row['at']}\n{row['prev']}\n"
            self._signed(row["key"], text.encode(), row["signature"], f"检查点 {n}")
            grows = row["size"] > self.sizes[-1] and row["at"] >= self.times[-1]
            self._need(grows and (row["number"], row["prev"]) == (n, prev), "removed", "与前一个不相接", f"检查点 {n}")
            self.roots[row["size"]].add(("changed", row["root"]))
            self.sizes.append(row["size"])
            self.times.append(row["at"])
            prev = _sha(text.encode()).hex()
        self.times += [self.as_of, self.as_of]  # what is not sealed yet must be new

    def _log(self) -> None:
        stack: list[tuple[int, bytes]] = []  # the Merkle tree of RFC 6962: complete subtrees, the widest first
        for n, row in enumerate(self._rows("log.jsonl"), 1):
            self.leaves += (leaf := _leaf(row))
            self.places.append((row["matter"], row["seq"]))
            stack.append((1, leaf))
            while len(stack) > 1 and stack[-1][0] == stack[-2][0]:
                stack[-2:] = [(2 * stack[-1][0], _sha(b"\1", stack[-2][1], stack[-1][1]))]
            root = stack[-1][1]
            for _, left in stack[-2::-1] if n in self.roots else ():
                root = _sha(b"\1", left, root)
            for kind, expected in self.roots.pop(n, ()):
                self._need(root.hex() == expected, kind, "存证日志的根与签过名的或者外人留存的不符", f"前 {n} 条")
        same = not self.roots and len(self.places) == self.sizes[-1]
        self._need(same, "removed", "存证日志与检查点不一样长：末尾被截去", "log.jsonl")

    def _journals(self) -> None:
        self.ground, self.seen = json.loads((self.where / "ground.json").read_bytes()), bytearray(len(self.places))
        matters = dict(pairs := [(row["id"], row) for row in self._rows("matters.jsonl")])
        self._need([id_ for id_, _ in pairs] == sorted(matters), "inserted", "有重复或者次序不对", "matters.jsonl")
        for matter, entries in groupby(self._rows("entries.jsonl"), key=lambda entry: entry["matter"]):
            try:
                self._journal(matters.pop(matter), list(entries), f"办件 {matter}")
            except Exception as trouble:
                self._need(False, "changed", f"日志残缺或者没有主人，无法重放：{trouble!r}", f"办件 {matter}")
        self._need(not matters, "removed", "办件没有日志", f"办件 {sorted(matters)}")
        for place, seen in zip(self.places, self.seen, strict=True):
            self._need(seen, "removed", "存证日志里有，日志里却没有", f"办件 {place[0]} 第 {place[1]} 条")

    def _journal(self, row: Any, entries: list[Any], of: str) -> None:
        prev, earlier, clocks, reds, version = row["genesis"], 0, dict[str, Any](), set[Any](), None
        numbers: dict[str, Any] = {"intake_number": None, "number": None}
        for n, entry in enumerate(entries, 1):
            where, facts, drawn = f"{of} 第 {n} 条", json.loads(entry["body"]), json.loads(entry["numbers"])
            self._need((entry["seq"], entry["prev"]) == (n, prev), "removed", "与前一条日志不相接", where)
            self._entry(entry, earlier, where)
            for clock in [*facts.get("clocks", ()), *(clocks[k] | v for k, v in facts.get("recounted", {}).items())]:
                key = f"{clock['name']}/{clock['round']}"
                self._clock(clock, clocks.get(key), _text(entry["at"]), row["department"], where)
                clocks[key] = clock
                reds.add((clock["name"], str(clock["round"]), clock["red_at"]))
            shown = self._lights(list(clocks.values()), facts["closed"])
            self._need(facts | shown | {"light": ""} == facts | {"light": ""}, "light", "红黄灯与各时钟不符", where)
            self._numbers(facts, drawn, where)
            if row["kind"] == "red_light_register":
                self.told[str(n)] = (facts["what"]["count"], facts["what"]["sha256"])
            numbers |= {k: v for k, v in drawn.items() if k in numbers}
            prev, earlier, version = entry["hash"], entry["recorded_at"], entry["item_version"] or version
        folded = shown | numbers | {k: facts[k] for k in ("step", "step_name", "desk", "closed")} | {"clocks": clocks}
        folded |= {"state": facts["to"], "version": n, "head": prev, "changed_at": earlier, "item_version": version}
        for k, v in folded.items():
            self._need(row[k] == v, "light" if k in ("clocks", *shown) else "changed", f"办件的 {k} 与日志不符", of)
        now = _text(self.as_of - 30 * SLACK)  # a light is on record within a minute
        red = [c for c in clocks.values() if c["counts"] and c["red_at"] and c["red_at"] < (c["stopped_at"] or now)]
        due = {(clock["name"], str(clock["round"]), clock["red_at"]) for clock in red}
        on_record = {(*line.split("|")[2:4], _text(int(line.split("|")[4]))) for line, _ in row["red_lights"]}
        self._need(due <= on_record <= reds, "light", "转红没有登记，或者登记了没有转红的", of)
        for line, seal in row["red_lights"]:
            self.sealed[str(seal)].append((int(line.split("|")[0]), line))
        self.counts += Counter({"matters": 1, "entries": n, "clocks": len(clocks), shown["light"]: 1})

    def _entry(self, entry: Any, earlier: int, where: str) -> None:
        text = json.dumps([entry[name] for name in HASHED.split()], ensure_ascii=False, separators=(", ", ": "))
        hashed = _sha(bytes.fromhex(entry["prev"]), text.encode()).hex()
        self._need(hashed == entry["hash"], "changed", "内容与哈希不符", where)
        at, recorded = entry["position"], entry["recorded_at"]
        told = entry["claimed_at"] is not None or abs(recorded - entry["at"]) <= SLACK
        self._need(told and earlier <= recorded, "backdated", "时刻倒退，或者相差超过两秒却没有写明是补录", where)
        if at is not None:
            same = self.leaves[32 * at : 32 * at + 32] == _leaf(entry) and not self.seen[at]
            self._need(same, "changed", "与存证日志中的不是同一条", where)
            self.seen[at] = 1
        batch = len(self.sizes) + 1 if at is None else bisect_right(self.sizes, at)  # the checkpoint it is under
        timely = self.times[batch - 1] - LONG < recorded <= self.times[batch] + SLACK
        self._need(timely, "backdated", "记录时刻与收录它的检查点不符：倒签，或者没有及时存证", where)
        self.receipts.discard(entry["hash"])

    def _clock(self, clock: Any, before: Any, at: str, department: int, where: str) -> None:
        place, version = self.ground["departments"][str(department)], clock["calendar_version"]
        if (key := (place["calendar"], version)) not in self.days:
            days = self.ground["calendars"][str(key[0])]
            stands = [(day, kind) for day, kind, a, b in days if a <= version and (b is None or version < b)]
            kinds = ("holiday", "makeup", "notice")  # a day off, a day worked instead, a year with its official notice
            self.days[key] = {each: {day for day, kind in stands if kind == each} for each in kinds}
        hours = max(each for each in place["hours"] if each[0] <= version)[1]
        told = [(c["due_on"], c["yellow_at"], c["red_at"], c["provisional"]) for c in (before, clock) if c]
        expected = told[0] if before and clock["state"] == "stopped" else _reckon(clock, self.days[key], hours)
        self._need(told[-1] == expected, "light", f"时钟 {clock['name']} 的日期与逐日另算的不符", where)
        lawful = not before or (before["state"] != "stopped" and all(before.get(k) == clock.get(k) for k in FIXED))
        lawful &= clock["counts"] == (clock["name"] not in self.ground["not_counted"])
        lawful &= clock["stopped_at" if before else "started_at"] in (None, at)
        self._need(lawful, "light", f"时钟 {clock['name']} 起止被改动", where)

    def _lights(self, clocks: list[Any], closed: bool) -> dict[str, Any]:
        alive = [clock for clock in clocks if clock["counts"] and clock["state"] != "stopped" and not closed]
        yellow, red = (min((c[at] for c in alive if c[at]), default=None) for at in ("yellow_at", "red_at"))
        held = [clock["state"] == "paused" for clock in alive if clock["name"] not in self.ground["beside"]]
        paused, now = bool(held) and all(held), _text(self.as_of)
        light = "paused" if paused else "yellow" if yellow and now >= yellow else "green"
        light = "closed" if closed else "red" if red and now > red else light
        late = any(c["counts"] and c["red_at"] and c["red_at"] < (c["stopped_at"] or "") for c in clocks)
        return {"yellow_at": yellow, "red_at": red, "paused": paused, "late": late, "light": light}

    def _numbers(self, facts: Any, drawn: Any, where: str) -> None:
        asked = [(facts[k], drawn[k]) for k in ("intake_number", "number") if k in facts]
        for how, number in [*asked, *zip(facts.get("documents", ()), drawn.get("documents", ()), strict=True)]:
            bare = int(number.removeprefix(how["prefix"]).removesuffix(how.get("suffix") or ""))
            full = f"{how['prefix']}{bare:0{how['width']}d}{how.get('suffix') or ''}"
            self._need(number == full, "changed", f"编号 {number} 不合它的编号规则", where)
            self.drawn[how["series"]].append(bare)

    def _rest(self) -> None:
        for key in sorted(self.ground["series"].keys() | self.drawn.keys()):
            whole = sorted(self.drawn[key]) == list(range(1, self.ground["series"].get(key, 0) + 1))
            self._need(whole, "removed", "编号不连续：有号码缺失、重复或者多出", key)
        for seal in (self.sealed.keys() | self.told.keys()) - {"None"}:
            digest = _sha("\n".join(line for _, line in sorted(self.sealed[seal])).encode()).hex()
            same = self.told.get(seal) == (len(self.sealed[seal]), digest)
            self._need(same, "changed", "红灯登记与封存的不符", f"登记簿第 {seal} 条")
        self._need(not self.receipts, "witness", "凭证上的日志不在导出中", "、".join(sorted(self.receipts)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="核验 xiaoneng export proof 的导出；0 完好，1 有问题，2 无法核验")
    parser.add_argument("dir", nargs="?", default=str(Path(__file__).parent), metavar="DIR")
    parser.add_argument("--key", default="", metavar="FINGERPRINT", help="公布的公钥指纹")
    parser.add_argument("--witness", action="append", default=[], metavar="FILE", help="留存的检查点、证明、校验码")
    parser.add_argument("--json", action="store_true", help="只打印一个 JSON 对象")
    args = parser.parse_args()
    try:
        it = _Verifier(args.dir, args.key, args.witness)
    except Exception as trouble:
        sys.exit(print(f"无法核验：{trouble!r}", file=sys.stderr) or 2)
    for part in (it._files, it._checkpoints, it._log, it._journals, it._rest):
        try:
            part()
        except Exception as trouble:
            it._need(False, "changed", f"内容残缺，读不下去：{trouble!r}", part.__name__)
    end = f"发现 {len(it.findings)} 处问题。" if it.findings else "没有发现改动、删除、插入或者倒签。"
    if args.json:
        print(json.dumps({"findings": it.findings, "notes": [*it.notes], "counts": it.counts}, ensure_ascii=False))
    else:
        print(*(f"[{f['kind']}] {f['where']}：{f['what']}" for f in it.findings[:50]), *it.notes, end, sep="\n")
    sys.exit(1 if it.findings else 0)
