"""Writes seeds for the fuzz targets, made of the fixtures: python3 tests/fuzz/seeds.py FOLDER."""

import json
import pathlib
import sys

root = pathlib.Path(__file__).resolve().parents[2]
out = pathlib.Path(sys.argv[1])


def seed(target, number, text):
    folder = out / target
    folder.mkdir(parents=True, exist_ok=True)
    data = text if isinstance(text, bytes) else text.encode()
    (folder / f"{number:03}").write_bytes(data[:4096])


lines = []
for file in ["article/registry.jsonl", "article/events.jsonl", "golden/events.jsonl"]:
    lines += (root / "fixtures" / file).read_text().splitlines()
lines = [line for line in lines if line.strip()]
dates, names = set(), set()
for number, line in enumerate(lines):
    event = json.loads(line)
    seed("event", number, line)
    message = {"specversion": "1.0", "id": str(number), "source": "/a", "type": "dev.stancelog.event.stance", "data": event}
    seed("cloud_event", number, json.dumps(message))
    dates.update(str(event[key]) for key in ["occurred", "published"] if key in event)
    names.update(str(event[key]) for key in ["name", "actor", "target", "claim"] if key in event)
seed("cloud_event", 900, json.dumps({"specversion": "1.0", "id": "a", "type": "dev.stancelog.stance", "data": {}}))

dates.update(["2022-21", "-0044-03-15", "2022-02-24T18:00:00+02:00", "../..", "[2022,2023]", "Y-17E7", "today", "-30d", "-0322/"])
for number, date in enumerate(sorted(dates)):
    seed("occurred", number, date)
    seed("asked", number, f"{date}\n@{number}")
    seed("asked", 500 + number, f"2024\n{date}")
for number, name in enumerate(sorted(names | {"Владимир Путин", "São Tomé  & Príncipe", "中文\u200d\u202e", "a" * 300})):
    seed("name", number, name)

for number, file in enumerate(sorted((root / "fixtures/merkle/notes").glob("*.note"))):
    seed("note", number, file.read_bytes())
    seed("note", 500 + number, file.read_text().split("\n\n")[0] + "\n")

five = "2014-01-01\tAnn (Ruritania)\tPraise or endorse\tBorduria\t051\n"
raw = ["1", "2014-01-01", "Ann", "Parties", "Ruritania", "Praise or endorse", "51", "3.4", "Borduria", "", "Borduria", "77", "3", "Gazette",
       "Strelsau", "", "", "Ruritania", "1.0", "2.0"]
seed("icews", 0, five * 3)
seed("icews", 1, "\t".join(raw) + "\n" + "\t".join(raw).replace("77", "78") + "\n")
for number, file in enumerate(sorted((root / "tests/cli/import.in").glob("*.tsv"))):
    seed("icews", 10 + number, file.read_bytes())

gdelt = [""] * 61
for place, value in {0: "1", 1: "20150218", 5: "RUR", 6: "RURITANIA", 15: "BOR", 16: "BORDURIA", 26: "051", 30: "3.4", 52: "Strelsau",
                     59: "20150219120000", 60: "https://gazette.example/1"}.items():
    gdelt[place] = value
seed("gdelt", 0, "\t".join(gdelt) + "\n")
seed("gdelt", 1, "\t".join(gdelt[:50] + ["Strelsau"] + [""] * 5 + ["20150219", "https://gazette.example/1"]) + "\n")

polecat = [""] * 40
for place, value in {0: "P1", 1: "2021-01-01", 2: "SUPPORT", 3: "express", 7: "Ann", 15: "Borduria"}.items():
    polecat[place] = value
seed("polecat", 0, "Event ID" + "\t" * 39 + "\n" + "\t".join(polecat) + "\n")

folder = root / "tests/cli/import.in"
for number, file in enumerate(sorted(folder.glob("*.toml"))):
    table = folder / (file.stem + ".csv")
    seed("map", number, file.read_text() + "\n---\n" + (table.read_text() if table.exists() else ""))
seed("map", 900, 'name = "t"\nheader = false\n[columns]\nactor = 1\naction = 2\ntarget = 3\noccurred = 4\n\n---\nAnn,backs,"the, Tax",2024\n')

votes = "rcid,date,country,vote\n1,2020-01-01,Borduria,yes\n1,2020-01-01,Ruritania,abstain\n2,2020-01-02,Borduria,no\n"
titles = "rcid,date,short\n1,2020-01-01,Tax\n2,2020-01-02,War\n"
motions = '[motions]\n1 = [{ target = "tax", side = "favor" }]\n'
members = "name,from,to\nBorduria,,\nSyldavia,2019,\n"
seed("votes", 0, votes)
seed("votes", 1, "\n---\n".join([votes, titles, motions, members]))

folder = root / "tests/cli/import_claims.in"
page = json.loads((folder / "page.json").read_text())
review = next(one for one in page["@graph"] if "claimReviewed" in one)
seed("claim_review", 0, json.dumps(page, indent=1))
seed("claim_review", 1, json.dumps(page) + "\n" + json.dumps(review) + "\n{\n")
seed("claim_review", 2, json.dumps({"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": [review]}]}))
seed("claim_review", 3, json.dumps([review, {"@type": "WebPage"}]).replace("Ann Lee", "Multiple sources"))
seed("claim_review", 4, (folder / "checks.csv").read_text())
seed("claim_review", 5, "id\tdate\tspeaker\tverdict\tstatement\n1\t2012-3-4\tAnn\thalf-true\tThe \"tax\" falls.\n2\t2012\tBob\t\tX\n")
seed("entity_list", 0, (folder / "people.csv").read_text())
role = {"title": "Premier", "of": "Ruritania", "from": "2019-07-24", "to": "2022"}
coded = {"name": "Strelsau", "kind": "country", "aliases": ["Town"], "roles": [{"code": "RUR 870507-991231", "from": None, "raw": ">"}]}
person = {"name": "Ann Lee", "entity": "ann", "aliases": ["A. (Lee", {"name": "AL", "to": "2001"}], "wikidata": "Q42", "roles": [role]}
seed("entity_list", 1, json.dumps(person) + "\n" + json.dumps(coded) + "\n")
seed("entity_list", 2, json.dumps([coded, person, {**person, "entity": None}, {**person, "entity": None, "note": "x"}], indent=1))
mention = ["7", "20170701000000", "20170701001500", "1", "gazette.example", "https://gazette.example/1", "4", "-1", "99", "40", "1", "80",
           "900", "0.1", "", ""]
seed("mentions", 0, ("\t".join(mention) + "\n") * 2 + "\t".join(mention).replace("https://gazette.example/1", "BBC/5") + "\nseven\n")
seed("mentions", 1, "globaleventid,a,b,c,d,e,f,g,h,i,j,k,l,m,n,o\n" + ",".join(mention).replace("https", '"https').replace("/1,", '/1",') + "\n")

seed("bundle", 0, b"\x00\x40seq")
seed("bundle", 1, b"\x01\x00\"against\"")
seed("bundle", 2, b"\x00\x00{}")
