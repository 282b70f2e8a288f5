#!/usr/bin/env python3
"""resources/python/retort_log.py: what it writes, and that nothing which happens to a training makes it raise or tear a line.

Standard library only: `python3 tests/python/test_retort_log.py`. Whether the lab reads what is written: tst_python_runs.cpp.
"""
import contextlib
import fcntl
import io
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import unittest

MODULE = pathlib.Path(__file__).resolve().parents[2] / "resources" / "python"
sys.path.insert(0, str(MODULE))
sys.dont_write_bytecode = True
import retort_log  # noqa: E402


def strict(text):
    """As the lab reads: no NaN words, no halves of surrogate pairs."""
    def refuse(word):
        raise ValueError(f"{word} is not JSON")
    value = json.loads(text, parse_constant=refuse)
    json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


def events(directory, torn=False):
    data = (pathlib.Path(directory) / "events.jsonl").read_bytes()
    whole, _, rest = data.rpartition(b"\n")
    if rest and not torn:
        raise AssertionError(f"a torn line: {rest[:80]}")
    found = [strict(line.decode("utf-8")) for line in whole.split(b"\n")] if whole else []
    if [event["seq"] for event in found] != list(range(1, len(found) + 1)):
        raise AssertionError(f"seq has gaps: {[event['seq'] for event in found][:50]}")
    return found


def of_kind(directory, kind):
    return [event for event in events(directory) if event["kind"] == kind]


def is_locked(directory):
    with open(os.path.join(directory, "run.lock")) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def wait_for(condition, what):
    for _ in range(12000):  # not by the clock: a busy machine is no reason to fail
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError(f"waited in vain for {what}")


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="retort-log-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.addCleanup(retort_log.finish)
        self.directory = str(self.folder / "run")
        self.said = io.StringIO()
        capture = contextlib.redirect_stderr(self.said)
        capture.__enter__()
        self.addCleanup(capture.__exit__, None, None, None)
        saved = dict(os.environ)
        self.addCleanup(lambda: (os.environ.clear(), os.environ.update(saved)))
        for name in list(os.environ):
            if name.startswith(("RETORT_", "SLURM_", "PMI_", "OMPI_")) or name in ("RANK", "LOCAL_RANK", "WORLD_SIZE"):
                del os.environ[name]

    def init(self, directory=None, **named):
        named.setdefault("hooks", False)
        return retort_log.init(directory or self.directory, **named)

    def set_limit(self, name, value):
        old = getattr(retort_log, name)
        setattr(retort_log, name, value)
        self.addCleanup(setattr, retort_log, name, old)

    def script(self, text, *arguments, wait=True, **named):
        """Runs a trainer in a process of its own; sys.argv[1] is the run directory."""
        file = self.folder / "trainer.py"
        file.write_text("import os, signal, sys, threading, time\n" + f"sys.path.insert(0, {str(MODULE)!r})\n"
                        "sys.dont_write_bytecode = True\nimport retort_log\n" + textwrap.dedent(text))
        process = subprocess.Popen([sys.executable, str(file), self.directory, *map(str, arguments)], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, **named)
        self.addCleanup(lambda: (process.stdout.close(), process.stderr.close()))
        if not wait:
            self.addCleanup(lambda: (process.poll() is None and process.kill(), process.wait()))
            return process
        process.out, process.err = process.communicate()  # ctest has the limit
        return process

    def last(self):
        return events(self.directory)[-1]


class WhatIsWritten(Case):
    def test_layout_and_identity(self):
        run = self.init(name="näme\ud800", study="s",
                        config={"learning_rate": 1e-5, "on": True, "a b": None, "nested": {"x": [1, "ü"]}},
                        total_steps=7, parent="p" * 36)
        self.assertEqual(sorted(os.listdir(self.directory)),
                         ["checkpoints", "config.yaml", "control", "events.jsonl", "run.json", "run.lock"])
        identity = strict((self.folder / "run/run.json").read_text("utf-8"))
        self.assertEqual((identity["format_version"], identity["name"], identity["study"], identity["recipe"],
                          identity["parent"]),
                         (1, "näme\ufffd", "s", "external", "p" * 36))
        self.assertEqual(identity["id"], run.id)
        self.assertRegex(identity["id"], r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
        self.assertEqual((self.folder / "run/config.yaml").read_text("utf-8"),
                         'recipe: "external"\nlearning_rate: 1e-05\n"on": true\n"a b": null\nnested:\n  x: [1, "ü"]\n')
        run.finish()
        start, end = events(self.directory)
        self.assertEqual((start["kind"], start["attempt"], start["from_step"], start["total_steps"], start["pid"]),
                         ("start", 1, 0, 7, os.getpid()))
        self.assertEqual((end["kind"], end["outcome"], "error" in end), ("end", "finished", False))

    def test_a_new_directory_is_named_as_the_lab_names_them(self):
        run = retort_log.init(name="a run/1", root=str(self.folder / "runs"), hooks=False)
        self.assertRegex(os.path.basename(run.directory), r"^\d{8}-\d{6}-a-run-1-" + run.id[:8] + "$")

    def test_every_kind(self):
        run = self.init()
        run.log({"loss": 1.5, "deep": {"er": 2}}, step=3, tokens=64)
        run.log({"loss": 1})
        run.status("generating", step=4, total_steps=10, seconds_left=1.5)
        run.trace("p", "<think>x</think>y", group=1, sample=2, reward=0.5, rewards={"a": 1, "b": None}, advantage=-1,
                  correct=True, gold="y", extracted="y", task="t", problem="t:1", finish="length",
                  steps=[(0, 4, "wrong", "why"), {"begin": 4, "end": 5}],
                  tokens={"ids": [5, 6], "ends": [1, 2], "logprobs": [-0.5, float("nan")], "clipped": (0, -1)})
        run.evaluation("held-out", {"accuracy": 0.5},
                       items=[{"problem": "b", "samples": 4, "correct": 2, "mean_tokens": 7.5}, ("a",)])
        run.alarm("length_collapse", "short", step=4)
        run.message("hello", "warning")
        run.rewind(3)
        run.finish("failed", "boom")
        said = {event["kind"]: event for event in events(self.directory)}
        for event in said.values():
            del event["t"], event["seq"]
        self.assertEqual(of_kind(self.directory, "scalars")[0]["values"], {"loss": 1.5, "deep/er": 2.0})
        self.assertEqual(said["scalars"], {"kind": "scalars", "step": 4, "tokens": 64, "values": {"loss": 1.0}})
        self.assertEqual(said["status"], {"kind": "status", "state": "generating", "step": 4, "total_steps": 10,
                                          "seconds_left": 1.5})
        self.assertEqual(said["trace"], {
            "kind": "trace", "step": 4, "phase": "train", "task": "t", "problem": "t:1", "group": 1, "sample": 2, "prompt": "p",
            "completion": "<think>x</think>y", "gold": "y", "extracted": "y", "correct": True, "worked": True, "reward": 0.5,
            "advantage": -1.0, "rewards": {"a": 1.0}, "num_tokens": 2, "finish": "length",
            "steps": [{"begin": 0, "end": 4, "verdict": "wrong", "reason": "why"},
                      {"begin": 4, "end": 5, "verdict": "unchecked"}],
            "per_token": {"ids": [5, 6], "ends": [1, 2], "logprobs": [-0.5, "NaN"], "clipped": [0, -1]}})
        self.assertEqual(said["evaluation"]["items"], [{"problem": "b", "samples": 4, "correct": 2, "mean_tokens": 7.5},
                                                       {"problem": "a", "samples": 1, "correct": 0, "mean_tokens": 0.0}])
        self.assertEqual(len(said["evaluation"]["set"]), 16)
        self.assertEqual(said["alarm"], {"kind": "alarm", "step": 4, "rule": "length_collapse", "severity": "warning",
                                         "text": "short"})
        self.assertEqual(said["message"], {"kind": "message", "level": "warning", "text": "hello"})
        self.assertEqual(said["rewind"], {"kind": "rewind", "to_step": 3})
        self.assertEqual(said["end"], {"kind": "end", "outcome": "failed", "error": "boom"})
        self.assertEqual(self.said.getvalue(), "")

    def test_numbers(self):
        class Tensor:
            def __init__(self, value):
                self.value = value

            def item(self):
                if isinstance(self.value, list):
                    raise RuntimeError("a Tensor with 2 elements cannot be converted to Scalar")
                return self.value

        run = self.init()
        run.log({"nan": float("nan"), "inf": float("inf"), "minus": -float("inf"), "tensor": Tensor(2.5), "flag": True,
                 "big": 2**70, "none": None, "text": "1", "two": Tensor([1, 2]), "too big": 10**400, 7: 8, "tiny": 5e-324,
                 "third": 1 / 3}, step=Tensor(3))
        run.log({"x": 1}, step=2.0)
        run.finish()
        first, second = of_kind(self.directory, "scalars")
        self.assertEqual(first["values"], {"nan": "NaN", "inf": "Infinity", "minus": "-Infinity", "tensor": 2.5, "flag": 1.0,
                                           "big": 2.0**70, "7": 8.0, "tiny": 5e-324, "third": 1 / 3})
        self.assertEqual((first["step"], second["step"]), (3, 2))
        for name in ("text", "two", "too big"):
            self.assertEqual(self.said.getvalue().count(repr(name)), 1)
        self.assertNotIn("none", self.said.getvalue())

    def test_hostile_strings(self):
        class Nasty:
            def __str__(self):
                raise RuntimeError("no")

        run = self.init()
        texts = ["\0", "\ud800", "\udfff\ud800", "\ud83d\ude00", "a\nb\r\u2028\x85", "\"\\", "\x1b[0m\x7f", b"\xff\xfe",
                 "é" * 3, "\U0010ffff"]
        for i, text in enumerate(texts):
            run.trace(text, text, step=i, gold=text, task=text, tokens={text: [1]})
            run.log({text if isinstance(text, str) else "b": i}, step=i)
            run.message(text)
        run.message(Nasty())
        run.log({Nasty(): 1})
        run.trace("p", "x" * (61 << 20), step=1)
        run.message("after")
        run.finish()
        self.assertEqual([event["prompt"] for event in of_kind(self.directory, "trace")],
                         ["\0", "\ufffd", "\ufffd\ufffd", "\U0001f600", "a\nb\r\u2028\x85", "\"\\", "\x1b[0m\x7f",
                          "\ufffd\ufffd", "ééé", "\U0010ffff"])
        self.assertIn("\U0001f600", of_kind(self.directory, "scalars")[3]["values"])
        self.assertEqual(of_kind(self.directory, "message")[-2]["text"], "after")
        end = self.last()
        self.assertEqual((end["outcome"], end["error"]), ("finished", "3 records were lost (3: could not be recorded)"))
        self.assertIn("too many for one record", self.said.getvalue())

    def test_arrays_that_do_not_fit_are_left_out(self):
        run = self.init()
        run.trace("p", "c", step=1, tokens={"ids": [1, 2, 3], "ends": [1], "values": "abc", "clipped": [2**40, 0, 0],
                                            "scores": [1, 2, 3]})
        run.finish()
        self.assertEqual(of_kind(self.directory, "trace")[0]["per_token"], {"ids": [1, 2, 3], "scores": [1, 2, 3]})

    def test_problem_ids_are_the_labs(self):
        # retort::problemIdOf(), which tst_python_runs compares with what a script writes.
        self.assertEqual(retort_log.problem_id(""), "trl:" + "%016x" % self.finalised(0xCBF29CE484222325))

    @staticmethod
    def finalised(h):
        h ^= h >> 33
        h = h * 0xFF51AFD7ED558CCD % 2**64
        h ^= h >> 33
        h = h * 0xC4CEB9FE1A85EC53 % 2**64
        return h ^ (h >> 33)

    def test_threads(self):
        run = self.init()

        def work(which):
            for step in range(400):
                run.log({f"x{which}": step}, step=step)
                if step % 50 == 0:
                    run.sync()
                    run.trace("p", "c", step=step, group=which)

        threads = [threading.Thread(target=work, args=(i,)) for i in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        run.finish()
        for which in range(5):
            name = f"x{which}"
            values = [event["values"][name] for event in of_kind(self.directory, "scalars") if name in event["values"]]
            self.assertEqual(values, list(map(float, range(400))))
        self.assertEqual(len(of_kind(self.directory, "trace")), 5 * 8)

    def test_lines_are_there_soon_after_they_were_said(self):
        run = self.init()
        run.log({"x": 1}, step=1)
        wait_for(lambda: len(events(self.directory)) == 2, "the line")


    def test_what_was_said_is_synced(self):
        synced, sync_file = [], retort_log._sync_file

        def record(fd):
            synced.append(os.fstat(fd).st_size)
            sync_file(fd)

        retort_log._sync_file = record
        self.addCleanup(setattr, retort_log, "_sync_file", sync_file)
        run = self.init()
        run.log({"x": 1}, step=1)
        size = lambda: os.path.getsize(os.path.join(self.directory, "events.jsonl"))
        wait_for(lambda: len(events(self.directory)) == 2 and synced and synced[-1] == size(), "the sync that nobody asked for")
        run.checkpoint(self.directory + "/checkpoints/x", 1)
        self.assertEqual((len(events(self.directory)), synced[-1]), (3, size()))


class WhereAndWho(Case):
    def test_the_environment_comes_first(self):
        os.environ.update(RETORT_RUN_DIR=str(self.folder / "there"), RETORT_RUN_NAME="given", RETORT_STUDY="study")
        run = self.init(name="own", study="own")
        identity = json.loads((self.folder / "there/run.json").read_text())
        self.assertEqual((run.name, identity["name"], identity["study"]), ("given", "given", "study"))
        self.assertFalse(os.path.exists(self.directory))

    def test_a_directory_that_the_lab_made_keeps_what_is_there(self):
        os.makedirs(self.directory)
        identity = {"format_version": 1, "id": "12345678-1234", "created": 5.5, "name": "lab", "study": "s",
                    "recipe": "external",
                    "host": "h", "program": "retort 0.1", "environment": {"kept": 1}}
        (self.folder / "run/run.json").write_text(json.dumps(identity))
        (self.folder / "run/config.yaml").write_text("recipe: external\ncommand: x\n")
        run = self.init(name="own", config={"a": 1})
        now = json.loads((self.folder / "run/run.json").read_text())
        self.assertEqual({**identity, "environment": None}, {**now, "environment": None})
        self.assertEqual(now["environment"]["kept"], 1)
        self.assertIn("python", now["environment"])
        self.assertEqual((run.name, run.id), ("lab", "12345678-1234"))
        self.assertEqual((self.folder / "run/config.yaml").read_text(), "recipe: external\ncommand: x\n")

    def test_runs_folder_and_resume_by_name(self):
        os.environ["RETORT_RUNS"] = str(self.folder / "runs")
        first = retort_log.init(name="a", hooks=False).directory
        retort_log.finish()
        other = retort_log.init(name="a", hooks=False).directory
        retort_log.finish()
        self.assertNotEqual(first, other)
        os.environ["RETORT_RESUME"] = "1"
        again = retort_log.init(name="a", hooks=False)
        self.assertEqual((again.directory, again.attempt), (other, 2))
        retort_log.finish()
        self.assertNotIn(retort_log.init(name="b", hooks=False).directory, (first, other))

    def test_only_rank_0(self):
        for names, writes in (({"RANK": "1"}, False), ({"RANK": "0", "SLURM_PROCID": "3", "SLURM_NTASKS": "4"}, True),
                              ({"LOCAL_RANK": "1"}, False), ({"SLURM_PROCID": "2", "SLURM_NTASKS": "4"}, False),
                              ({"SLURM_PROCID": "0", "SLURM_NTASKS": "4"}, True),
                              ({"OMPI_COMM_WORLD_RANK": "1"}, False), ({"RETORT_LOG": "0"}, False), ({}, True)):
            with self.subTest(names=names):
                os.environ.update(names)
                run = self.init()
                run.log({"x": 1})
                self.assertFalse(run.should_stop())
                run.finish()
                self.assertEqual(os.path.exists(self.directory), writes)
                shutil.rmtree(self.directory, ignore_errors=True)
                for name in names:
                    del os.environ[name]
        self.assertEqual(self.said.getvalue(), "")

    def test_the_lock_says_that_it_is_running(self):
        run = self.init()
        self.assertTrue(is_locked(self.directory))
        run.finish()
        self.assertFalse(is_locked(self.directory))

    def test_a_second_process_logs_nothing(self):
        run = self.init()
        done = self.script("""
            retort_log.LOCK_SECONDS = 0.1
            run = retort_log.init(sys.argv[1])
            run.log({"x": 1}, step=1)
            print(run.dropped)
        """)
        run.finish()
        self.assertEqual((done.returncode, done.out.strip()), (0, "1"))
        self.assertIn("another process is logging there", done.err)
        self.assertIn("1 record was lost", done.err)
        self.assertEqual([event["kind"] for event in events(self.directory)], ["start", "end"])

    def test_init_twice(self):
        run = self.init()
        self.assertIs(self.init(), run)
        other = self.init(str(self.folder / "other"))
        self.assertIsNot(other, run)
        self.assertEqual(self.last()["kind"], "end")

    def test_forked_children_log_nothing_and_hold_no_lock(self):
        process = self.script("""
            run = retort_log.init(sys.argv[1])
            run.log({"x": 1}, step=1)
            run.sync()
            if os.fork() == 0:
                run.log({"child": 1}, step=2)
                retort_log.message("child")
                run.finish("failed", "the child's")
                os.close(1)
                time.sleep(1000)
                os._exit(0)
            print("forked", flush=True)
            time.sleep(1000)
        """, wait=False, start_new_session=True)
        self.assertEqual(process.stdout.readline(), "forked\n")
        self.addCleanup(os.killpg, process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
        self.assertEqual(process.stdout.read(), "")  # until the child, too, has closed it
        self.assertFalse(is_locked(self.directory))
        self.assertEqual([event["kind"] for event in events(self.directory)], ["start", "scalars"])

    def test_a_child_that_python_forked_may_end_as_it_likes(self):
        done = self.script("""
            import multiprocessing
            def work(i):
                retort_log.log({"child": i})
                if i == 1: sys.exit(3)
                if i == 2: raise ValueError("child")
                if i == 3: os.kill(os.getpid(), signal.SIGTERM)
            run = retort_log.init(sys.argv[1])
            context = multiprocessing.get_context("fork")
            children = [context.Process(target=work, args=(i,)) for i in range(4)]
            for child in children: child.start()
            for child in children: child.join()
            print([child.exitcode for child in children])
            run.log({"x": 1}, step=1)
        """)
        self.assertEqual(done.out.strip(), "[0, 3, 1, -15]")
        self.assertEqual([event["kind"] for event in events(self.directory)], ["start", "scalars", "end"])
        self.assertEqual(self.last()["outcome"], "finished")


class HowItEnds(Case):
    def test_ways_to_end(self):
        ways = [("pass", 0, "finished", ""), ("raise ValueError('no')", 1, "failed", "ValueError: no"),
                ("sys.exit(3)", 3, "failed", "exit status 3"),
                ("sys.exit(0)", 0, "finished", ""), ("raise KeyboardInterrupt", -2, "stopped", "KeyboardInterrupt"),
                ("os.kill(os.getpid(), signal.SIGTERM); time.sleep(1000)", -15, "stopped", "SIGTERM"),
                ("run.finish('stopped')", 0, "stopped", ""), ("run.end_as('stopped')", 0, "stopped", ""),
                ("run.end_as('stopped'); sys.exit(2)", 2, "failed", "exit status 2"),
                ("run.finish(); raise ValueError('later')", 1, "finished", ""),
                ("threading.Thread(target=sys.exit, args=(4,)).start()", 0, "finished", ""),
                ("with run: run.log({'x': 1}); raise OSError('in a with')", 1, "failed", "OSError: in a with")]
        for text, status, outcome, error in ways:
            with self.subTest(text=text):
                done = self.script("run = retort_log.init(sys.argv[1])\nrun.log({'loss': 1}, step=1)\n" + text)
                self.assertEqual(done.returncode, status, done.err)
                self.assertEqual((self.last()["kind"], self.last()["outcome"], self.last().get("error", "")),
                                 ("end", outcome, error))
                self.assertEqual(sum(event["kind"] == "end" for event in events(self.directory)), 1)
                shutil.rmtree(self.directory)

    def test_a_handler_of_the_trainers_own(self):
        done = self.script("""
            def handler(number, frame):
                print("handled")
                retort_log.log({"late": 1}, step=2)
                sys.exit(0)
            signal.signal(signal.SIGTERM, handler)
            run = retort_log.init(sys.argv[1])
            run.log({"loss": 1}, step=1)
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(1000)
        """)
        self.assertEqual((done.returncode, done.out), (0, "handled\n"))
        self.assertEqual([event["kind"] for event in events(self.directory)], ["start", "scalars", "status", "scalars", "end"])
        self.assertEqual(self.last()["outcome"], "stopped")

    def test_sigterm_at_any_moment(self):
        pause = random.Random(1)
        for i in range(12):
            process = self.script("""
                run = retort_log.init(sys.argv[1])
                print("go", flush=True)
                step = 0
                while True:
                    step += 1
                    run.log({"loss": step, "y": 2.5}, step=step)
                    if step % 5 == 0: run.trace("p" * 50, "c" * 500, step=step)
                    if step % 97 == 0: run.sync()
            """, wait=False)
            process.stdout.readline()
            time.sleep(pause.uniform(0, 0.15))
            process.terminate()
            self.assertEqual(process.wait(), -15, i)
            self.assertEqual((self.last()["kind"], self.last()["outcome"]), ("end", "stopped"))
            shutil.rmtree(self.directory)

    def test_exceptions_from_signal_handlers_tear_nothing(self):
        done = self.script("""
            class Alarm(BaseException): pass
            armed, struck, said = False, 0, 0
            def strike(number, frame):
                global armed, struck
                if armed:
                    armed, struck = False, struck + 1
                    raise Alarm
            signal.signal(signal.SIGALRM, strike)
            run = retort_log.init(sys.argv[1])
            until = time.monotonic() + 1
            signal.setitimer(signal.ITIMER_REAL, 0.001, 0.0007)
            while time.monotonic() < until:
                try:
                    armed = True
                    run.log({"loss": said, "text": 1.5}, step=said)
                    armed = False
                    said += 1
                except Alarm:
                    pass
            signal.setitimer(signal.ITIMER_REAL, 0)
            assert struck > 20, struck
            print(said)
        """)
        self.assertEqual(done.returncode, 0, done.err)
        self.assertGreater(int(done.out), 100)
        # Whole lines, gapless; a call that an exception ended may have been said or not.
        self.assertEqual(self.last()["outcome"], "finished")
        self.assertGreaterEqual(len(of_kind(self.directory, "scalars")), int(done.out))


class WhenItGoesOn(Case):
    def test_kill_and_resume(self):
        process = self.script("""
            run = retort_log.init(sys.argv[1], total_steps=1000)
            step = 0
            while True:
                step += 1
                run.log({"loss": 1 / step}, step=step)
                if step == 50:
                    run.sync()
                    print("50", flush=True)
        """, wait=False)
        process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.assertFalse(is_locked(self.directory))
        before = events(self.directory, torn=True)
        self.assertGreaterEqual(len(before), 51)
        with open(os.path.join(self.directory, "events.jsonl"), "ab") as file:
            file.write(b'{"seq":%d,"t":1.0,"kind":"message","text":"%s' % (len(before) + 1, b"torn" * 5000))
        identity = (self.folder / "run/run.json").read_text()
        run = self.init(from_step=40, name="other")
        self.assertEqual(run.attempt, 2)
        run.log({"loss": 0.5}, step=41)
        run.finish()
        after = events(self.directory)
        self.assertEqual(after[:len(before)], before)
        start, rewind, scalars, end = after[len(before):]
        self.assertEqual((start["kind"], start["attempt"], start["from_step"]), ("start", 2, 40))
        self.assertEqual((rewind["kind"], rewind["to_step"]), ("rewind", 40))
        self.assertEqual((scalars["step"], end["outcome"]), (41, "finished"))
        self.assertEqual(json.loads(identity)["id"], json.loads((self.folder / "run/run.json").read_text())["id"])

    def continued(self, first, from_step=None):
        run = self.init()
        for step in range(1, 11):
            run.log({"x": step}, step=step)
        run.finish("stopped")
        run = self.init(from_step=from_step)
        run.message("before any step")
        first(run)
        run.finish()
        found = events(self.directory)
        shutil.rmtree(self.directory)
        return [(event["kind"], event.get("to_step", event.get("step"))) for event in found[found.index(next(
            event for event in found if event.get("attempt") == 2)):]]

    def test_where_it_goes_on(self):
        start, said, end = ("start", None), ("message", None), ("end", None)
        # Said by init().
        self.assertEqual(self.continued(lambda run: run.log({"x": 1}, step=6), 5),
                         [start, ("rewind", 5), said, ("scalars", 6), end])
        self.assertEqual(self.continued(lambda run: run.log({"x": 1}, step=1), 0),
                         [start, ("rewind", -1), said, ("scalars", 1), end])
        # Seen by the first step.
        self.assertEqual(self.continued(lambda run: run.log({"x": 1}, step=8)),
                         [start, said, ("rewind", 7), ("scalars", 8), end])
        self.assertEqual(self.continued(lambda run: run.trace("p", "c", step=8)),
                         [start, said, ("rewind", 7), ("trace", 8), end])
        self.assertEqual(self.continued(lambda run: run.log({"x": 1}, step=11)), [start, said, ("scalars", 11), end])
        # The count goes on.
        self.assertEqual(self.continued(lambda run: run.log({"x": 1})), [start, said, ("scalars", 11), end])
        # Steps that go back within an attempt are the trainer's own.
        self.assertEqual(self.continued(lambda run: [run.log({"x": 1}, step=s) for s in (11, 9)]),
                         [start, said, ("scalars", 11), ("scalars", 9), end])

    def test_tokens_go_on(self):
        for from_step, tokens in ((None, 90), (5, 50), (0, 0)):
            run = self.init()
            for step in range(1, 10):
                run.log({"x": 1}, step=step, tokens=10 * step)
            run.finish()
            run = self.init(from_step=from_step)
            run.log({"x": 1}, step=10)
            run.finish()
            self.assertEqual(of_kind(self.directory, "scalars")[-1]["tokens"], tokens)
            shutil.rmtree(self.directory)

    def test_what_was_rewound_does_not_count(self):
        run = self.init()
        run.log({"x": 1}, step=100)
        run.rewind(10)
        run.log({"x": 1}, step=11)
        run.finish()
        run = self.init()
        run.log({"x": 1}, step=12)
        run.finish()
        self.assertEqual(len(of_kind(self.directory, "rewind")), 1)

    def test_a_log_of_the_labs_and_foreign_lines(self):
        os.makedirs(self.directory)
        lines = ['{"seq":1,"t":1.5,"kind":"start","attempt":1,"from_step":0,"total_steps":9,"pid":1,"host":"h","program":"retort-cli"}',
                 '{"kind": "scalars", "values": {"loss": 1}, "step": 30, "t": 2, "seq": 2}', "Traceback: not ours", "", '{"seq":"x"}',
                 '{"seq":3,"t":3,"kind":"trace","step":31,"prompt":"a","completion":"\\"kind\\":\\"start\\""}']
        (self.folder / "run/events.jsonl").write_text("\n".join(lines) + "\n" + lines[1][:20])
        run = self.init()
        run.log({"loss": 1}, step=31)
        run.finish()
        text = (self.folder / "run/events.jsonl").read_text().splitlines()
        self.assertEqual(text[:6], lines)
        added = [json.loads(line) for line in text[6:]]
        self.assertEqual([(event["seq"], event["kind"]) for event in added],
                         [(4, "start"), (5, "rewind"), (6, "scalars"), (7, "end")])
        self.assertEqual((added[0]["attempt"], added[1]["to_step"]), (2, 30))


class WhenTheDiskIsFull(Case):
    FULL = """
        import resource
        def limit(size):
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        retort_log.RETRY_SECONDS, retort_log.FINISH_SECONDS = 0.05, 6
        run = retort_log.init(sys.argv[1])
        limit(20000)
        for step in range(1, 1001):
            run.log({"loss": step, "x": 0.5}, step=step)
    """

    def test_nothing_is_lost_when_there_is_room_again(self):
        done = self.script(self.FULL + "    run.sync()\n        limit(1 << 30)\n")
        self.assertEqual((done.returncode, done.err.count("cannot write the log")), (0, 1), done.err)
        self.assertEqual([event["step"] for event in of_kind(self.directory, "scalars")], list(range(1, 1001)))
        self.assertEqual((self.last()["outcome"], "error" in self.last()), ("finished", False))

    def test_whole_lines_when_it_stays_full(self):
        done = self.script(self.FULL)
        self.assertEqual(done.returncode, 0, done.err)
        kept = of_kind(self.directory, "scalars")  # whole lines, without a gap
        self.assertEqual([event["step"] for event in kept], list(range(1, len(kept) + 1)))
        self.assertLess(os.path.getsize(os.path.join(self.directory, "events.jsonl")), 20001)
        self.assertGreater(len(kept), 100)
        self.assertIn(f"{1000 - len(kept)} records were lost ({1000 - len(kept)}: the disk took no more)", done.err)

    def test_what_memory_does_not_hold_is_counted_in_the_end(self):
        done = self.script("\n        retort_log.MOST_PENDING_BYTES = 10000" + self.FULL + "    if step % 100 == 0: run.sync()\n        limit(1 << 30)\n")
        self.assertEqual(done.returncode, 0, done.err)
        kept = of_kind(self.directory, "scalars")
        self.assertTrue(100 < len(kept) < 900, len(kept))
        self.assertEqual(self.last()["error"],
                         f"{1000 - len(kept)} records were lost ({1000 - len(kept)}: the disk took no more)")
        self.assertEqual(of_kind(self.directory, "message")[-1]["text"], self.last()["error"])

    @unittest.skipUnless(os.path.exists("/dev/full"), "there is no /dev/full")
    def test_dev_full(self):
        self.set_limit("FINISH_SECONDS", 6)
        self.set_limit("RETRY_SECONDS", 0.05)
        os.makedirs(self.directory)
        os.symlink("/dev/full", os.path.join(self.directory, "events.jsonl"))
        run = self.init()
        for step in range(100):
            run.log({"x": 1}, step=step)
        run.checkpoint(self.directory + "/checkpoints/a", 5)
        self.assertFalse(run.should_stop())
        run.finish()
        self.assertEqual(self.said.getvalue().count("No space left on device"), 1)
        self.assertIn("records were lost", self.said.getvalue())

    def test_nowhere_to_write(self):
        (self.folder / "file").write_text("")
        newer = self.folder / "newer"
        newer.mkdir()
        (newer / "run.json").write_text('{"format_version": 2, "id": "123456789"}')
        for directory in (self.folder / "file/run", newer, "\0", "x" * 5000):
            with self.subTest(directory=str(directory)[:40]):
                run = self.init(str(directory))
                run.log({"x": 1}, step=1)
                run.trace("p", "c")
                run.checkpoint("/tmp", 1)
                self.assertFalse(run.should_stop())
                self.assertEqual(run.dropped, 3)
                run.finish()
        self.assertEqual(self.said.getvalue().count("nothing is logged"), 4)
        self.assertEqual((newer / "run.json").read_text(), '{"format_version": 2, "id": "123456789"}')


class WhatTheLabAsksFor(Case):
    def ask(self, request):
        (self.folder / "run/control" / request).write_text("")

    def test_requests(self):
        run = self.init()
        self.assertEqual((run.should_stop(), run.should_pause(), run.should_checkpoint()), (False, False, False))
        for request in ("stop", "pause", "checkpoint"):
            self.ask(request)
        self.assertEqual((retort_log.should_stop(), retort_log.should_pause(), retort_log.should_checkpoint()),
                         (True, True, True))
        run.checkpoint(os.path.join(self.directory, "checkpoints", "x"), 3)
        self.assertFalse(run.should_checkpoint())
        run.finish("stopped")
        self.assertEqual(os.listdir(self.folder / "run/control"), ["pause"])

    def test_a_supervisor_is_told_what_is_listened_to(self):
        run = self.init()
        os.environ["RETORT_CONTROL_DIR"] = str(self.folder / "run/control")
        self.addCleanup(os.environ.pop, "RETORT_CONTROL_DIR")
        self.assertEqual(os.listdir(self.folder / "run/control"), [])
        run.should_stop()
        run.should_checkpoint()
        run.should_stop()
        self.assertEqual((self.folder / "run/control/listens").read_text(), "stop checkpoint\n")
        self.assertEqual(os.listdir(self.folder / "run/control"), ["listens"])

    def test_checkpoints_may_be_a_link_to_another_run_s(self):
        # As a supervisor has it: the log's folder lies in the run's.
        outer = self.folder / "outer"
        (outer / "checkpoints").mkdir(parents=True)
        (outer / "external/log").mkdir(parents=True)
        (outer / "external/log/checkpoints").symlink_to("../../checkpoints")
        run = self.init(str(outer / "external/log"))
        inside = os.path.join(run.directory, "checkpoints", "mine")
        outside = self.folder / "elsewhere"
        for folder in (inside, outside):
            os.makedirs(folder)
        run.checkpoint(inside, 1)
        run.checkpoint(outside, 2)
        run.finish()
        told = [event["path"] for event in of_kind(run.directory, "checkpoint")]
        self.assertEqual(told, ["checkpoints/step-00000001", "checkpoints/step-00000002"])
        self.assertEqual([os.readlink(outer / each) for each in told], ["mine", "../../elsewhere"])

    def test_a_pause_ends(self):
        run = self.init()
        self.ask("pause")
        thread = threading.Thread(target=run.wait_while_paused, args=(0.01,))
        thread.start()
        wait_for(lambda: of_kind(self.directory, "status"), "the word of the pause")
        self.assertTrue(thread.is_alive())
        os.unlink(self.folder / "run/control/pause")
        thread.join()
        self.ask("pause")
        self.ask("stop")
        run.wait_while_paused()  # a stop is not waited for
        run.finish("stopped")
        self.assertEqual([event["state"] for event in of_kind(self.directory, "status")], ["paused", "training"])

    def test_checkpoints(self):
        run = self.init()
        inside, outside = self.folder / "run/checkpoints/step-00000005", self.folder / "out/checkpoint-7"
        inside.mkdir()
        outside.mkdir(parents=True)
        (outside / "model").write_text("m")
        run.checkpoint(inside, 5)
        self.assertEqual(len(of_kind(self.directory, "checkpoint")), 1)  # it is on disk when the call returns
        run.checkpoint(str(outside), 7)
        again = self.folder / "out/again-7"
        again.mkdir()
        run.checkpoint(again, 7)
        run.checkpoint(outside, 5)  # a real folder is in the way of the link
        run.finish()
        self.assertEqual([event["path"] for event in of_kind(self.directory, "checkpoint")],
                         ["checkpoints/step-00000005", "checkpoints/step-00000007", "checkpoints/step-00000007", str(outside)])
        link = self.folder / "run/checkpoints/step-00000007"
        self.assertEqual(os.readlink(link), "../../out/again-7")
        self.assertEqual((inside / "checkpoint.json").read_text(), '{"step": 5}\n')  # no link says that it is whole
        self.assertEqual(sorted(os.listdir(self.folder / "run/checkpoints")), ["step-00000005", "step-00000007"])

    def test_checkpoints_elsewhere_in_the_run(self):
        # Where the trainer's output folder lies in the run directory, as in the example for Slurm.
        run = self.init()
        trainers, file = self.folder / "run/output/checkpoint-50", self.folder / "run/output/model.bin"
        trainers.mkdir(parents=True)
        file.write_text("m")
        run.checkpoint(trainers, 50)
        run.checkpoint(trainers, 50)
        run.checkpoint(file, 51)
        run.checkpoint(self.folder / "run/output/gone", 52)
        run.finish()
        self.assertEqual([event["path"] for event in of_kind(self.directory, "checkpoint")],
                         ["checkpoints/step-00000050"] * 2 + ["output/model.bin", "output/gone"])
        self.assertEqual(os.readlink(self.folder / "run/checkpoints/step-00000050"), "../output/checkpoint-50")
        self.assertEqual(os.listdir(self.folder / "run/checkpoints"), ["step-00000050"])


class NothingRaises(Case):
    def test_garbage(self):
        class Bad:
            def __getattribute__(self, name):
                raise RuntimeError("bad")

        run = self.init()
        garbage = [None, "", "x", -1, 2**64, float("nan"), float("inf"), [], {}, [None], {"a": {"b": [1]}}, object(), b"\xff",
                   Bad(), lambda: 0, {1: {2: "x"}}]
        for method in ("log", "trace", "checkpoint", "evaluation", "status", "message", "alarm", "rewind"):
            for first in garbage:
                getattr(run, method)(first)
                getattr(run, method)(first, first)
                getattr(run, method)(first, first, first)
                getattr(run, method)(first, no_such_argument=1)
            getattr(run, method)()
        for name in ("step", "group", "sample", "reward", "rewards", "advantage", "gold", "num_tokens", "steps", "tokens"):
            for value in garbage:
                run.trace("p", "c", **{name: value})
        run.finish(None, Bad())
        run.finish()
        run.log({"x": 1}, step=1)
        events(self.directory)
        self.assertGreater(run.dropped, 50)

    def test_errors_without_a_text(self):
        class Mute(Exception):
            def __str__(self):
                raise self

        class Fails:
            def __float__(self):
                raise Mute

            __index__ = __fspath__ = __str__ = __float__

        run = self.init()
        run.log({"x": Fails()}, step=1)
        run.log({"x": 1}, step=Fails())
        run.checkpoint(Fails())
        run.message(Fails())
        run.finish("failed", Mute())
        self.assertEqual([event["kind"] for event in events(self.directory)], ["start", "message", "end"])
        self.assertEqual(self.last()["error"], "Mute; 3 records were lost (3: could not be recorded)")
        self.assertIn("'x' was left out: Mute", self.said.getvalue())

    def test_recursion_and_closed_stderr(self):
        run = self.init()
        deep = {}
        deep["self"] = deep
        run.log(deep, step=1)
        self.said.close()
        run.message(object.__new__, no_such_argument=1)
        sys.stderr = None
        run.log(1)
        run.finish()
        self.assertEqual(self.last()["outcome"], "finished")


if __name__ == "__main__":
    unittest.main()
