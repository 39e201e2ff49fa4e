#!/usr/bin/env python3
"""Every published alert of the reference data through `nadhir alert intake`: an answer for each, none of them a crash, and
what is lost agrees with what another reader finds in the file: languages, parameters, resources, signature, status."""

import json
import os
import pathlib
import subprocess
import sys
import xml.etree.ElementTree as ET

OURS = {"ar", "en", "hi", "ur"}


def leaf(tag):
    return tag.rsplit("}", 1)[-1]


def texts(node, name):
    return [(c.text or "").strip() for c in node if leaf(c.tag) == name]


def main():
    data = pathlib.Path(sys.argv[1]) / "cap" / "samples"
    nadhir = os.environ["NADHIR"]
    files, drafts, faults = 0, 0, []
    manners = {}
    for file in sorted(p for p in data.rglob("*") if p.is_file()):
        files += 1
        ran = subprocess.run([nadhir, "alert", "intake", "--json", str(file)], capture_output=True, timeout=60, check=False)
        if ran.returncode not in (0, 3):
            faults.append(f"{file.name}: exit {ran.returncode}: {ran.stderr.decode()[:200]}")
            continue
        told = json.loads(ran.stdout)
        manners[told["manner"]] = manners.get(told["manner"], 0) + 1
        drafts += told["draft"] is not None
        codes = [loss["code"] for loss in told["losses"]]

        def expect(what, found):
            if not found:
                faults.append(f"{file.name}: {what}")

        expect("exit 0 means a draft", (ran.returncode == 0) == (told["draft"] is not None))
        try:
            root = ET.fromstring(file.read_bytes())
        except ET.ParseError:
            expect("not XML, and yet a draft", told["draft"] is None)
            continue
        if leaf(root.tag) != "alert" or told["original"] is None:
            expect("no alert, and yet a draft", told["draft"] is None)
            continue
        infos = [c for c in root if leaf(c.tag) == "info"]
        status, kind, scope = (texts(root, n) for n in ("status", "msgType", "scope"))
        public = status in (["Actual"], ["Exercise"]) and kind in (["Alert"], ["Update"]) and scope == ["Public"] and infos
        expect(f"{status} {kind} {scope}: draft {told['draft'] is not None}", bool(public) == (told["draft"] is not None))
        if told["draft"] is None:
            continue
        spoken = [(texts(i, "language") or ["en-US"])[0].replace("_", "-").split("-")[0].lower() for i in infos]
        other = sum(1 for language in spoken if language not in OURS)
        expect(f"{other} infos in other languages", codes.count("loss.language") == other)
        twice = len([s for s in spoken if s in OURS]) - len(set(spoken) & OURS)
        expect(f"{twice} infos beside another of their language", codes.count("loss.info") == twice)
        lost = {loss["place"].split("]")[0] + "]" for loss in told["losses"] if loss["code"] in ("loss.info", "loss.language")}
        kept = [i for n, i in enumerate(infos, 1) if f"alert/info[{n}]" not in lost]
        for name in ("parameter", "resource"):
            count = sum(1 for info in kept for c in info if leaf(c.tag) == name)
            expect(f"{count} {name}s of what is kept", codes.count(f"loss.{name}") == count)
        signed = any(leaf(c.tag) == "Signature" for c in root)
        expect("a signature", ("loss.signature" in codes) == signed)
        draft = ET.fromstring(told["draft"].encode())
        long = [len(p.text.split()) for p in draft.iter() if leaf(p.tag) == "polygon" and len(p.text.split()) > 100]
        # A ring that is wholly elsewhere stays as it came, and is a fault of the draft.
        expect(f"rings of {long} points", not long or any(f["level"] == "error" for f in told["draft_faults"]))
        expect("references are carried on", not texts(draft, "references"))
        expect("neither submittable nor with a reason", told["summary"] or any(f["level"] == "error" for f in told["draft_faults"]))
    print(f"{files} files, {drafts} drafts, manners {manners}; {len(faults)} differences")
    for fault in faults:
        print("  ", fault)
    return 1 if faults or not drafts else 0


if __name__ == "__main__":
    sys.exit(main())
