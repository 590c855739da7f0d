"""Checks a bundle as schema/bundle.md describes it: check_bundle.py BUNDLE KEY. Needs Ed25519 from `cryptography`."""
import base64, datetime, hashlib, json, sys, uuid
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FIELDS = {"": "format question answer counted events checkpoint seal", "question": "actor target as_of as_of_us known_at rule",
          "counted": "seq id earliest_us latest_us day tier side formal speaker", "events": "seq header salt body proof"}
DECIDING, TIERS = ["declared", "enacted", "intended", "implied"], ["declared", "enacted", "intended", "implied", "spoken", "contact"]
sha256 = lambda *parts: hashlib.sha256(b"".join(parts)).digest()
compact = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
number = lambda day: datetime.date.fromisoformat(day).toordinal() if day != ".." else 0

must = lambda holds, where: holds or sys.exit(f"wrong: {where}")
def open_note(note, name, key_id, key, where):
    text, _, line = note.rpartition("\n\n")
    text, (dash, by, signature) = text + "\n", line.split(" ")
    raw = base64.b64decode(signature.removesuffix("\n"), validate=True)
    must((dash, by, raw[:4], base64.b64encode(raw).decode() + "\n") == ("—", name, key_id, signature), f"{where}: one signature of the log's key")
    Ed25519PublicKey.from_public_bytes(key).verify(raw[4:], text.encode())  # raises where it does not fit
    return text

def included(leaf, index, size, proof, root):
    must(0 <= index < size, "a place in the tree")
    at, last, node = index, size - 1, leaf
    for hash in proof:
        must(last > 0, "the proof's length")
        if at % 2 or at == last:
            node = sha256(b"\1", hash, node)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            node = sha256(b"\1", node, hash)
        at, last = at >> 1, last >> 1
    must(last == 0 and node == root, "the proof's root")

def read_event(event, size, root, where):
    header, salt, *proof = map(bytes.fromhex, (event["header"], event["salt"] or "", *event["proof"]))
    must([b.hex() for b in (header, salt, *proof)] == [event["header"], event["salt"] or "", *event["proof"]], f"{where}: hex")
    must((len(header), header[0], len(salt)) == (65, 1, 0 if event["body"] is None else 16) and int.from_bytes(header[1:9], "big", signed=True) == event["seq"], f"{where}/header")
    must(event["body"] is None or sha256(salt, event["body"].encode()) == header[33:], f"{where}/body")
    included(sha256(b"\0", header), event["seq"] - 1, size, proof, root)
    return dict(json.loads(event["body"] or '{"type":"erased"}'), seq=event["seq"], id=str(uuid.UUID(bytes=header[9:25])))

def fates(events):
    """(out, retracted) by id, from the last event backwards, as what puts an event out is later."""
    fate = {}
    for place, event in reversed(list(enumerate(events))):
        later = events[place + 1:]
        retracted = any(e["type"] == "retract" and e["event"] == event["id"] and not fate[e["id"]][0] for e in later)
        replaced = any(e.get("replaces") == event["id"] and not fate[e["id"]][1] for e in later)
        fate[event["id"]] = (retracted or replaced, retracted)
    return fate

def check_counted(bundle, events):
    events = [e for e in events if e["seq"] <= bundle["question"]["known_at"]]
    fate, question = fates(events), bundle["question"]
    live = [e for e in events if not fate[e["id"]][0]]
    words = {a["action"]: a for e in live for a in (e["actions"] if e["type"] == "vocabulary" else [e] if e["type"] == "action" else [])}
    parent, slug = {}, lambda s: slug(parent[s]) if s in parent else s
    for e in (e for e in live if e["type"] == "merge" and slug(e["from"]) != slug(e["into"])):
        parent[slug(e["from"])] = slug(e["into"])
    stands = {e["entity"]: e["stands_for"] for e in live if e["type"] == "entity" and e.get("stands_for")}
    found, turned = {}, {"favor": "against", "against": "favor", "abstain": "abstain"}
    for e in (e for e in live if e["type"] == "stance"):
        word = words.get(e["action"], {"toward": "claim"})
        if word["toward"] != "entity" or question["actor"] not in map(slug, [e["actor"], *e.get("on_behalf_of", [])]):
            continue
        side, formal = word.get("side"), word.get("formal", False)
        if slug(e["target"]) != question["target"]:
            through = [s["side"] for m in sorted(stands) if slug(m) == slug(e["target"]) for s in stands[m] if slug(s["target"]) == question["target"]]
            if not through or not formal or side not in turned:
                continue
            side = side if through[0] == "favor" else turned[side]
        found[e["seq"]] = (e["id"], word["tier"], side, formal, slug(e["actor"]))
    for c in bundle["counted"]:
        must(found.pop(c["seq"], None) == (c["id"], c["tier"], c["side"], c["formal"], c["speaker"]), f"counted: event {c['seq']}")
    must(question["as_of_us"] is not None or not found, f"counted: {found}")
    order, end = [(c["earliest_us"], c["latest_us"], c["seq"]) for c in bundle["counted"]], question["as_of_us"]
    must(order == sorted(order) and (end is None or all(o[0] <= end for o in order)), "counted: order and as_of")

def reading(entries):
    both = [s for s in ("favor", "against") if s in (sides := {e["side"] for e in entries})]
    value = "mixed" if len(both) == 2 else both[0] if both else "abstain" if "abstain" in sides else "neutral"
    return value, [e for e in entries if e["side"] in both] if both else [e for e in entries if e["side"] in (value, None)]

def sign(entries):
    sides = [e["side"] for e in entries]
    return (sides.count("favor") > sides.count("against")) - (sides.count("favor") < sides.count("against"))

def alone(entries, rule):
    last = entries[-1]["day"]
    if rule == "latest":
        return reading([e for e in entries if e["day"] == last])
    window = [e for e in entries if number(e["day"]) > number(last) - 90]
    signs = [s for s in (sign([e for e in window if e["day"] == d]) for d in {e["day"] for e in window}) if s]
    favor = len([s for s in signs if s > 0])
    value = "mixed" if not signs else "favor" if 3 * favor >= 2 * len(signs) else "against" if 3 * favor <= len(signs) else "mixed"
    return value, [e for e in window if e["side"] in ("favor", "against")] or window

def decided(entries, rule):
    for tier in DECIDING:
        if of := [e for e in entries if e["tier"] == tier]:
            return (tier, *alone(of, rule), of[-1]["day"])
    spoken = [e for e in entries if e["tier"] == "spoken"]
    return ("spoken", "neutral", [e for e in spoken if e["day"] == spoken[-1]["day"]], spoken[-1]["day"]) if spoken else (None, "none", [], None)

def answer(bundle):
    counted, rule, end = bundle["counted"], bundle["question"]["rule"], bundle["question"]["as_of_us"]
    basis, value, deciding, side, changes = None, "none", [], None, []
    for day in dict.fromkeys(e["day"] for e in counted):
        before, (basis, now, after, _) = (basis, value, deciding, side), decided([e for e in counted if number(e["day"]) <= number(day)], rule)
        today = [e for e in counted if e["day"] == day and e["tier"] == basis]
        side = side if basis == before[0] else None
        if now != before[1]:
            unknown = before[2] and today and max(e["latest_us"] for e in before[2]) >= min(e["earliest_us"] for e in today)
            flip = before[0] == basis in ("declared", "enacted") and not unknown
            full = flip and side and now in ("favor", "against") and side != now
            changes.append({"at": day, "to": now, "basis": basis, "full": full, "taken": 0, "formal": False})
        if changes and (on := [e for e in counted if e["day"] == day and e["tier"] == changes[-1]["basis"]]):
            to, takes = changes[-1]["to"], reading(on)[0] if rule == "latest" or not sign(on) else "favor" if sign(on) > 0 else "against"
            changes[-1]["taken"] += takes == to
            sides = ("favor", "against") if to == "mixed" and takes == "mixed" else (None, "neutral") if to == "neutral" else (to,)
            changes[-1]["formal"] |= any(e["formal"] and e["side"] in sides for e in on)
        value, deciding, side = now, after, now if now in ("favor", "against") else side
    tier = {t: alone(of, rule)[0] for t in DECIDING[:2] if (of := [e for e in counted if e["tier"] == t])}
    return {"basis": basis, "certain": end is None or all(e["latest_us"] <= end for e in deciding), "counts": {t: len([e for e in counted if e["tier"] == t]) for t in sorted(TIERS)},
            "decided_by": [e["id"] for e in deciding], "flips": len([c for c in changes if c["full"] and (c["taken"] > 1 or c["formal"])]),
            "gap": {*tier.values()} == {"favor", "against"}, "last": decided(counted, rule)[3], "since": changes[-1]["at"] if changes else None, "stance": value,
            "voices": len({e["speaker"] for e in deciding}), **{f: bundle["question"][f] for f in ("actor", "target", "rule")}}

def main(path, public):
    bundle = json.loads(raw := open(path, "rb").read())
    must(json.dumps(bundle, ensure_ascii=False, indent=2).encode() + b"\n" == raw, "spelling")
    for part, names in FIELDS.items():
        must(all(list(one) == names.split() for one in ([bundle] if part == "" else [bundle[part]] if part == "question" else bundle[part])), f"fields {part}")
    must(bundle["format"] == "stancelog-bundle/1" and list(bundle["answer"]) == sorted(bundle["answer"]), "format")
    name, key_id, key = (read(part) for read, part in zip((str, bytes.fromhex, base64.b64decode), public.strip().split("+", 2)))
    must(len(key) == 33 and key[0] == 1 and sha256(name.encode(), b"\n", key)[:4] == key_id, "the key given")
    origin, size, root = open_note(bundle["checkpoint"], name, key_id, key[1:], "checkpoint").split("\n")[:3]
    must(origin == name and str(int(size)) == size, "checkpoint")
    events = [read_event(e, int(size), base64.b64decode(root, validate=True), f"events[{i}]") for i, e in enumerate(bundle["events"])]
    must(all(a["seq"] < b["seq"] for a, b in zip(events, events[1:])), "events: order")
    parts = [f"{part} {sha256(compact(bundle[part])).hex()}\n" for part in ("question", "answer", "counted", "events", "checkpoint")]
    must(open_note(bundle["seal"], name, key_id, key[1:], "seal") == "".join([bundle["format"] + "\n", *parts]), "seal")
    kept = {k["event"]: dict(k, type="retract" if "retracts" in k else "erased", event=k.get("retracts")) for e in events for k in e.get("keeps", [])}
    check_counted(bundle, [dict(e, **kept.get(e["id"], {})) if e["type"] == "erased" else e for e in events])
    due, named = answer(bundle), {i for e in events if e["type"] == "erase" for i in e["events"]}
    due["erased"] = min(bundle["answer"]["erased"], len(named))
    must(due == bundle["answer"] and {e["id"] for e in events if e["type"] == "erased"} <= named, f"answer: {due}")
    print(f"checked: {due['actor']} toward {due['target']} is {due['stance']}")
main(*sys.argv[1:])
