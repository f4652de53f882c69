#!/usr/bin/env python3
"""score: measures the precision of threadlint against the labels of this folder.

  labels/*.json + checkouts with compile databases  ->  run threadlint  ->  match findings to labels  ->  precision per check

A finding matches a label of its check by fingerprint, first in its own file; else by file, function and what it is about; else by file and what it is
about. Only findings at high confidence are scored. README.md describes the labels and the rule that the numbers decide.
"""
import argparse
import collections
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

LABELS = ("true", "false", "unsure")
MIN_FINDINGS, MIN_PRECISION = 20, 85
PREFIX = "threadlint-"


class LedgerError(Exception):
    """The ledger or a report cannot be used; the message says where and why."""


def read_json(path):
    try:
        with open(path, encoding="utf-8") as stream:
            return json.load(stream)
    except (OSError, ValueError) as error:
        raise LedgerError(f"cannot read '{path}': {error}") from error


def load_labels(folder):
    """The projects of the ledger by name. Every label is complete, and every false one names the missing mechanism."""
    projects = {}
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".json"):
            continue
        project = read_json(os.path.join(folder, name))
        for key in ("project", "url", "commit", "labels"):
            if key not in project:
                raise LedgerError(f"{name}: '{key}' is missing")
        for at, label in enumerate(project["labels"]):
            for key in ("check", "file", "function", "about", "fingerprint", "label", "why"):
                if not isinstance(label.get(key), str):
                    raise LedgerError(f"{name}: label {at} has no '{key}'")
            if label["label"] not in LABELS:
                raise LedgerError(f"{name}: label {at} is '{label['label']}', not one of {', '.join(LABELS)}")
            if label["label"] == "false" and not label.get("missing"):
                raise LedgerError(f"{name}: label {at} is false but names no 'missing' mechanism")
        projects[project["project"]] = project
    return projects


def about(finding):
    """What a finding is about: the first name its message quotes, or the lock cycle, or nothing."""
    cycle = re.match(r"lock order inversion (.*?): ", finding["message"])
    if cycle:
        return cycle.group(1)
    quoted = re.search(r"'([^']*)'", finding["message"])
    return quoted.group(1) if quoted else ""


def check_of(finding):
    return finding["check"].removeprefix(PREFIX)


def match(findings, labels):
    """Pairs of (finding, label or None), in the order of the findings, and the labels that no finding matches."""
    def index(key):
        table = {}
        for label in labels:
            table.setdefault(key(label), label)
        return table

    ways = [
        (index(lambda l: (l["check"], l["file"], l["fingerprint"])), lambda f: (check_of(f), f["file"], f["fingerprint"])),
        (index(lambda l: (l["check"], l["fingerprint"])), lambda f: (check_of(f), f["fingerprint"])),
        (index(lambda l: (l["check"], l["file"], l["function"], l["about"])),
         lambda f: (check_of(f), f["file"], f["function"], about(f))),
        (index(lambda l: (l["check"], l["file"], l["about"])),
         lambda f: (check_of(f), f["file"], about(f)) if about(f) else None),
    ]
    pairs = []
    for finding in findings:
        label = next((table[key(finding)] for table, key in ways if key(finding) in table), None)
        pairs.append((finding, label))
    used = {id(label) for _, label in pairs if label}
    return pairs, [label for label in labels if id(label) not in used]


INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)


def count_lines(root, database):
    """Lines of the translation units and of the headers below `root` that they include, each file once."""
    root = os.path.realpath(root)
    seen, lines = set(), 0
    for entry in read_json(database):
        folder = entry["directory"]
        words = entry.get("arguments") or shlex.split(entry["command"])
        dirs, take = [], False
        for word in words:
            if take:
                dirs.append(word)
            take = word in ("-I", "-isystem", "-iquote")
            if word.startswith("-I") and len(word) > 2:
                dirs.append(word[2:])
        work = [os.path.join(folder, entry["file"])]
        while work:
            path = os.path.realpath(work.pop())
            if path in seen or not path.startswith(root + os.sep) or not os.path.isfile(path):
                continue
            seen.add(path)
            with open(path, encoding="utf-8", errors="replace") as stream:
                text = stream.read()
            lines += text.count("\n")
            for name in INCLUDE.findall(text):
                work += [os.path.join(folder, d, name) for d in [os.path.dirname(path), *dirs]]
    return lines


def run_tool(tool, checkout, database):
    with tempfile.TemporaryDirectory() as folder:
        report = os.path.join(folder, "report.json")
        command = [os.path.abspath(tool), "-p", database, "--no-strict", "--exit-zero", "--output=json:" + report]
        done = subprocess.run(command, cwd=checkout, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise LedgerError(f"threadlint failed in '{checkout}': {done.stderr.strip()[-300:]}")
        return read_json(report)


def gather(arguments, projects):
    """For each project that is there: its report and its number of lines (0 when only a report is given)."""
    databases = dict(pair.split("=", 1) for pair in arguments.database)
    for name, project in projects.items():
        if arguments.only and name not in arguments.only.split(","):
            continue
        if arguments.reports:
            path = os.path.join(arguments.reports, name + ".json")
            report = read_json(path) if os.path.exists(path) else None
        else:
            report = None
        checkout = os.path.join(arguments.checkouts, name) if arguments.checkouts else None
        lines = 0
        if checkout and os.path.isdir(checkout):
            database = os.path.join(checkout, databases.get(name, "build"), "compile_commands.json")
            if os.path.exists(database):
                lines = count_lines(checkout, database)
                if report is None and not arguments.reports:
                    report = run_tool(arguments.tool, checkout, os.path.dirname(database))
        yield project, report, lines


def is_scored(finding):
    return finding["confidence"] == "high"


def verdict(true, false):
    """What the rule of README.md says of a check."""
    if true + false < MIN_FINDINGS:
        return "few findings: decided by the annotated cases"
    return "on by default" if 100 * true >= MIN_PRECISION * (true + false) else "off: precision is too low"


def draft(finding):
    return {"check": check_of(finding), "file": finding["file"], "function": finding.get("function", ""),
            "about": about(finding), "fingerprint": finding["fingerprint"], "label": "FIXME", "why": "FIXME"}


def percent(true, false):
    return f"{100 * true / (true + false):.0f} %" if true + false else "-"


def score(arguments, out=sys.stdout):
    projects = load_labels(arguments.labels)
    checks, rows, missing = {}, [], collections.Counter()
    unlabelled, vanished, absent = [], [], []
    for project, report, lines in gather(arguments, projects):
        if report is None:
            absent.append(project["project"])
            continue
        findings = [f for f in report["findings"] if is_scored(f)]
        pairs, gone = match(findings, project["labels"])
        counts = collections.Counter(label["label"] if label else "unlabelled" for _, label in pairs)
        rows.append((project["project"], len(findings), counts, lines))
        for finding, label in pairs:
            checks.setdefault(check_of(finding), collections.Counter())[label["label"] if label else "unlabelled"] += 1
            if label is None:
                unlabelled.append((project["project"], finding))
            elif label["label"] == "false":
                missing[label["missing"]] += 1
        vanished += [(project["project"], label) for label in gone]

    def row(name, count, extra):
        numbers = "".join(f"{count[l]:>8}" for l in (*LABELS, "unlabelled"))
        print(f"{name:<24}{sum(count.values()):>9}{numbers}{percent(count['true'], count['false']):>10}  {extra}", file=out)

    print(f"{'check':<24}{'findings':>9}{'true':>8}{'false':>8}{'unsure':>8}{'unlab.':>8}{'precision':>10}  rule", file=out)
    total = collections.Counter()
    for name in sorted(checks):
        row(name, checks[name], verdict(checks[name]["true"], checks[name]["false"]))
        total += checks[name]
    row("all", total, "")
    print(f"\n{'project':<24}{'findings':>9}{'true':>8}{'false':>8}{'unsure':>8}{'unlab.':>8}{'precision':>10}  "
          "findings per 1,000 lines", file=out)
    for name, number, count, lines in rows:
        row(name, count, f"{1000 * number / lines:.3f} of {lines}" if lines else "")
    measured = [(number, lines) for _, number, _, lines in rows if lines]
    if measured:
        number, lines = sum(n for n, _ in measured), sum(l for _, l in measured)
        print(f"{number} findings in {lines} lines: one in {lines // max(number, 1)} lines", file=out)
    if absent:
        print("\nnot scored, no checkout or report: " + ", ".join(absent), file=out)
    if missing:
        print("\nfalse findings by missing mechanism:", file=out)
        for name, number in sorted(missing.items(), key=lambda item: (-item[1], item[0])):
            print(f"  {number:>3}  {name}", file=out)
    if unlabelled:
        print("\nwithout a label:", file=out)
        for name, finding in unlabelled:
            print(f"  {name}: {finding['file']}:{finding['line']} {check_of(finding)}: {finding['message']}", file=out)
    if vanished:
        print("\nlabels that no finding matches any more:", file=out)
        for name, label in vanished:
            what = label["about"] or label["function"]
            print(f"  {name}: {label['label']:<6} {label['file']} {label['check']} '{what}'", file=out)
    if arguments.draft:
        print("\n" + json.dumps([dict(project=name, **draft(f)) for name, f in unlabelled], indent=1), file=out)
    return 0 if all(not verdict(c["true"], c["false"]).startswith("off") for c in checks.values()) else 1


def main(words=None, out=sys.stdout):
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description="Score the high-confidence findings of threadlint against the labels.")
    parser.add_argument("--tool", default="threadlint", help="the threadlint binary")
    parser.add_argument("--checkouts", help="folder with one checkout per project, named like the project")
    parser.add_argument("--database", action="append", default=[], metavar="PROJECT=FOLDER",
                        help="folder of the compile database inside a checkout, when it is not 'build'")
    parser.add_argument("--reports", help="score PROJECT.json reports of an earlier run instead of running threadlint")
    parser.add_argument("--only", help="project names, separated by commas")
    parser.add_argument("--labels", default=os.path.join(here, "labels"))
    parser.add_argument("--draft", action="store_true", help="print unlabelled findings as labels to fill in")
    arguments = parser.parse_args(words)
    if not arguments.checkouts and not arguments.reports:
        parser.error("give --checkouts or --reports")
    try:
        return score(arguments, out)
    except LedgerError as error:
        print(f"score: error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
