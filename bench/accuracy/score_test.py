#!/usr/bin/env python3
"""score_test: the ledger's rules on a hand-made example, and that the labels of this folder are well formed."""
import io
import json
import os
import re
import tempfile
import unittest

import score


def finding(check, file, function, message, fingerprint, confidence="high"):
    return {"check": "threadlint-" + check, "file": file, "line": 7, "function": function, "message": message,
            "fingerprint": fingerprint, "confidence": confidence}


def label(check, file, function, about, fingerprint, verdict, missing=""):
    entry = {"check": check, "file": file, "function": function, "about": about, "fingerprint": fingerprint,
             "label": verdict, "why": "made up"}
    return entry | ({"missing": missing} if missing else {})


class Matching(unittest.TestCase):
    LABELS = [label("data-race", "a.c", "put", "Box::n", "f1", "true"),
              label("data-race", "b.c", "put", "Box::n", "f1", "false", "hand-over"),
              label("lock-leak", "a.c", "main", "big", "f2", "unsure")]

    def labels_of(self, *findings):
        pairs, gone = score.match(findings, self.LABELS)
        return [l["label"] if l else None for _, l in pairs], len(gone)

    def test_fingerprint_in_its_own_file_comes_first(self):
        self.assertEqual(self.labels_of(finding("data-race", "b.c", "x", "'y'", "f1")), (["false"], 2))

    def test_a_moved_file_keeps_its_label(self):
        self.assertEqual(self.labels_of(finding("data-race", "src/a.c", "put", "'Box::n' is", "f1")), (["true"], 2))

    def test_place_and_subject_when_the_fingerprint_changed(self):
        self.assertEqual(self.labels_of(finding("data-race", "b.c", "put", "'Box::n' is", "new")), (["false"], 2))
        self.assertEqual(self.labels_of(finding("data-race", "b.c", "get", "'Box::n' is", "new")), (["false"], 2))

    def test_another_check_or_subject_is_another_finding(self):
        self.assertEqual(self.labels_of(finding("lock-leak", "a.c", "put", "'Box::n' is", "f1")), ([None], 3))
        self.assertEqual(self.labels_of(finding("data-race", "a.c", "put", "'Box::m' is", "new")), ([None], 3))

    def test_what_a_finding_is_about(self):
        self.assertEqual(score.about({"message": "'a' is written in 'f'"}), "a")
        self.assertEqual(score.about({"message": "lock order inversion a -> b -> a: 'b' is taken"}), "a -> b -> a")
        self.assertEqual(score.about({"message": "this thread is lost"}), "")


class Rule(unittest.TestCase):
    def test_few_findings_do_not_decide(self):
        self.assertTrue(score.verdict(0, 19).startswith("few"))

    def test_precision_decides_from_twenty_on(self):
        self.assertEqual(score.verdict(17, 3), "on by default")
        self.assertTrue(score.verdict(16, 4).startswith("off"))


class WholeRun(unittest.TestCase):
    def run_on(self, findings, labels):
        with tempfile.TemporaryDirectory() as folder:
            def write(path, value):
                os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
                with open(os.path.join(folder, path), "w", encoding="utf-8") as stream:
                    stream.write(value if isinstance(value, str) else json.dumps(value))

            write("labels/tiny.json", {"project": "tiny", "url": "-", "commit": "-", "labels": labels})
            write("reports/tiny.json", {"findings": findings})
            write("tiny/a.c", '#include "a.h"\n#include <stdio.h>\nint a;\n')
            write("tiny/inc/a.h", "int a;\n" * 7)
            write("tiny/build/compile_commands.json",
                  [{"directory": os.path.join(folder, "tiny"), "file": "a.c", "command": "cc -Iinc -c a.c"}] * 2)
            out = io.StringIO()
            code = score.main(["--labels", folder + "/labels", "--reports", folder + "/reports",
                               "--checkouts", folder], out)
            return code, out.getvalue()

    def test_the_table(self):
        code, text = self.run_on(
            [finding("data-race", "a.c", "f", "'a' is", "1"), finding("data-race", "a.c", "f", "'b' is", "2"),
             finding("data-race", "a.c", "f", "'c' is", "3"), finding("data-race", "a.c", "f", "'d' is", "4", "medium")],
            [label("data-race", "a.c", "f", "a", "1", "true"), label("data-race", "a.c", "f", "b", "2", "false", "hand-over"),
             label("data-race", "a.c", "f", "z", "9", "true")])
        self.assertEqual(code, 0)
        self.assertRegex(text, r"data-race +3 +1 +1 +0 +1 +50 %  few findings")
        self.assertIn("300.000 of 10", text)
        self.assertIn("1  hand-over", text)
        self.assertIn("tiny: a.c:7 data-race: 'c' is", text)
        self.assertIn("tiny: true   a.c data-race 'z'", text)

    def test_low_precision_fails(self):
        findings = [finding("data-race", "a.c", "f", f"'v{i}' is", str(i)) for i in range(20)]
        labels = [label("data-race", "a.c", "f", f"v{i}", str(i), "false" if i < 4 else "true", "x") for i in range(20)]
        self.assertEqual(self.run_on(findings, labels)[0], 1)

    def test_a_false_label_names_its_mechanism(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(folder + "/t.json", "w", encoding="utf-8") as stream:
                json.dump({"project": "t", "url": "-", "commit": "-",
                           "labels": [label("data-race", "a.c", "f", "a", "1", "false")]}, stream)
            with self.assertRaises(score.LedgerError):
                score.load_labels(folder)


class Ledger(unittest.TestCase):
    def test_the_labels_here_are_well_formed(self):
        folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "labels")
        projects = score.load_labels(folder)
        self.assertGreaterEqual(len(projects), 6)
        for name, project in projects.items():
            self.assertRegex(project["commit"], re.compile("^[0-9a-f]{40}$"), name)
            keys = [(l["check"], l["file"], l["fingerprint"]) for l in project["labels"]]
            self.assertEqual(len(keys), len(set(keys)), f"{name} labels a finding twice")


if __name__ == "__main__":
    unittest.main()
