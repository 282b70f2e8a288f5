# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets any Python trainer write a Retort run: curves, traces, evaluations and checkpoints appear in the lab as they happen.

    import retort_log

    run = retort_log.init(name="my-run", config={"learning_rate": 1e-4}, total_steps=1000)
    for step in range(1, 1001):
        run.log({"loss": loss, "reward": reward}, step=step, tokens=tokens_seen)
        run.trace(prompt, completion, step=step, group=0, sample=0, reward=1.0, rewards={"accuracy": 1.0})
        if run.should_stop():
            break
    run.finish()

One file, long as it is: copied beside a trainer or sent to a node it works, with nothing to install. Python 3.8 or newer, the
standard library only; Linux and macOS. What it writes is the run directory that the lab's own trainers write: config.yaml,
run.json, events.jsonl, checkpoints/, control/, run.lock. README.md beside it has the rest.

- It never raises into the training. What goes wrong is said once on stderr and counted; records that were lost are counted in
  the run's `end`.
- Only one process writes: rank 0. Elsewhere (other ranks, forked children) every call does nothing.
- A record is written by a thread of its own as soon as it is said, and synced to disk at least once a second and at checkpoints.
- A directory that has a log already is continued: a line torn by a crash is cut off, `seq` goes on, a new attempt starts.

Where to, and as what, in this order: the environment (set by the lab that launches), the arguments of init(), the defaults.
    RETORT_RUN_DIR    the run directory itself                     init(directory=…)
    RETORT_RUN_NAME   its name                                     init(name=…)
    RETORT_STUDY      the study that it belongs to                 init(study=…)
    RETORT_RUNS       where new run directories are made           init(root=…), "retort-runs"
    RETORT_RESUME     1: continue the newest run of this name      init(resume=…)
    RETORT_LOG        0: nothing is logged
    RETORT_CONTROL_DIR  a supervisor of the lab's is there: it is told which requests this process looks at
"""
from __future__ import annotations

import atexit
import collections
import functools
import hashlib
import json
import math
import operator
import os
import queue
import re
import signal
import socket
import sys
import threading
import time
import uuid

try:
    import fcntl
except ImportError:  # Windows: init() says so
    fcntl = None

__version__ = "1.0"
__all__ = ["Run", "alarm", "checkpoint", "current", "end_as", "evaluation", "finish", "init", "log", "message", "rewind",
           "should_checkpoint", "should_pause", "should_stop", "status", "sync", "trace", "wait_while_paused"]

SYNC_SECONDS = 0.9
RETRY_SECONDS = 0.5
LOCK_SECONDS = 5.0  # a requeued job may start while its last attempt is still dying
FINISH_SECONDS = 15.0  # for a disk that takes nothing
MOST_PENDING_BYTES = 64 << 20  # what may wait in memory while the disk takes nothing; beyond it records are dropped
LONGEST_RECORD = 60 << 20  # the lab skips lines of more than 64 MB
WRITE_BYTES = 1 << 20
INT64 = (-(2**63), 2**63 - 1)
INT32 = (-(2**31), 2**31 - 1)
CLOEXEC = getattr(os, "O_CLOEXEC", 0)


# What is said, as JSON -------------------------------------------------------------------------------------------------------

def _text(value):
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return value.decode("utf-8", "replace") if isinstance(value, (bytes, bytearray)) else str(value)


def _said(error):
    """An exception in one line, whatever it does when it is asked for its text."""
    kind = type(error).__name__
    try:
        return f"{kind}: {error}" if str(error) else kind
    except Exception:
        return kind


def _quote(value):
    return json.dumps(_text(value), ensure_ascii=False)


def _float(value):
    """Python's and NumPy's numbers, one-element arrays and tensors."""
    if isinstance(value, (str, bytes, bytearray)) or value is None:
        raise TypeError(f"{type(value).__name__} is no number")
    if hasattr(value, "item"):
        value = value.item()
    return float(value)


def _real(value, digits=None):
    """JSON has no NaN and no infinities: the run log writes them as strings."""
    number = _float(value)
    if math.isfinite(number):
        return float.__repr__(number) if digits is None else format(number, digits)
    return '"NaN"' if number != number else '"Infinity"' if number > 0 else '"-Infinity"'


def _integer(value, name, limits=INT64):
    if hasattr(value, "item"):
        value = value.item()
    number = int(value) if isinstance(value, float) and value.is_integer() else operator.index(value)
    if not limits[0] <= number <= limits[1]:
        raise ValueError(f"{name} {number} is out of range")
    return number


def _numbers(pairs):
    return "{" + ",".join(f"{_quote(name)}:{value}" for name, value in pairs.items()) + "}"


def _flat(values, prefix=""):
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{_text(name)}/")
        else:
            yield prefix + _text(name), value


def _list(values):
    return values.tolist() if hasattr(values, "tolist") else list(values)


def _utf8(text):
    """Halves of surrogate pairs, which UTF-8 cannot carry, are put together where they meet, else they become U+FFFD."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode("utf-8")


def _encoded(body):
    """A body is what follows `"seq":N,` in a line."""
    return _utf8(body) + b"\n"


def _body(kind, members):
    return f'"t":{time.time():.6f},"kind":"{kind}"' + "".join(f',"{name}":{text}' for name, text in members) + "}"


TOKEN_INTEGERS = ("ids", "ends", "clipped")
TOKEN_NUMBERS = ("logprobs", "entropies", "ref_logprobs", "ratios", "advantages", "values", "scores")
VERDICTS = ("unchecked", "correct", "wrong")


def _token_array(name, values):
    if name in TOKEN_INTEGERS:
        return "[" + ",".join(str(_integer(v, name, INT32)) for v in values) + "]"
    return "[" + ",".join(_real(v, ".9g") for v in values) + "]"  # float32 in the lab


def _step(step):
    if not isinstance(step, dict):
        step = dict(zip(("begin", "end", "verdict", "reason"), step))
    begin, end, verdict = _integer(step["begin"], "begin"), _integer(step["end"], "end"), step.get("verdict", "unchecked")
    if begin < 0 or end < begin or verdict not in VERDICTS:
        raise ValueError(f"no step: {step}")
    reason = f',"reason":{_quote(step["reason"])}' if step.get("reason") else ""
    return f'{{"begin":{begin},"end":{end},"verdict":"{verdict}"{reason}}}'


def _item(item):
    if not isinstance(item, dict):
        item = dict(zip(("problem", "samples", "correct", "mean_tokens"), item))
    return (f'{{"problem":{_quote(item["problem"])},"samples":{_integer(item.get("samples", 1), "samples", INT32)},'
            f'"correct":{_integer(item.get("correct", 0), "correct", INT32)},'
            f'"mean_tokens":{_real(item.get("mean_tokens", 0))}}}')


def problem_id(prompt, prefix="trl"):
    """The id that the lab gives a problem which is known by its prompt alone (core/util/random.h: stableHash())."""
    mask, h = 2**64 - 1, 0xCBF29CE484222325
    for byte in _utf8(_text(prompt)):
        h = ((h ^ byte) * 0x100000001B3) & mask
    h ^= h >> 33
    h = (h * 0xFF51AFD7ED558CCD) & mask
    h ^= h >> 33
    h = (h * 0xC4CEB9FE1A85EC53) & mask
    return f"{prefix}:{h ^ (h >> 33):016x}"


def _yaml_text(value):
    """In double quotes; what JSON leaves as it is and YAML does not allow is escaped."""
    text = _utf8(_text(value)).decode("utf-8")
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff]", lambda found: f"\\u{ord(found.group()):04x}", _quote(text))


YAML_WORDS = ("null", "true", "false", "yes", "no", "on", "off")


def _yaml(value, indent=""):
    """A configuration as YAML that people read: block mappings, everything else as JSON (which YAML contains)."""
    lines = []
    for key, item in value.items():
        name = _text(key)
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", name) or name.lower() in YAML_WORDS:
            name = _yaml_text(name)
        if isinstance(item, dict) and item:
            lines += [f"{indent}{name}:", *_yaml(item, indent + "  ")]
        else:
            lines.append(f"{indent}{name}: {_yaml_scalar(item)}")
    return lines


def _yaml_scalar(value):
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        if math.isfinite(value):
            return float.__repr__(float(value))
        return ".nan" if value != value else ".inf" if value > 0 else "-.inf"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_yaml_text(k)}: {_yaml_scalar(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple, set, frozenset)):
        return "[" + ", ".join(_yaml_scalar(v) for v in value) + "]"
    if type(value).__module__ == "numpy" and hasattr(value, "item") and getattr(value, "size", 0) == 1:
        return _yaml_scalar(value.item())
    return _yaml_text(value)


# Files -----------------------------------------------------------------------------------------------------------------------

def _write_atomically(path, text):
    beside = f"{path}.{os.getpid()}.tmp"
    try:
        with open(beside, "wb") as file:
            file.write(_utf8(text))
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        if os.path.exists(beside):
            os.unlink(beside)
        raise


def _sync_file(fd):
    try:
        getattr(os, "fdatasync", os.fsync)(fd)
    except OSError as error:
        if error.errno not in (22, 30, 95):  # EINVAL, EROFS, EOPNOTSUPP: nothing behind it that could be synced
            raise


class _Lock:
    """run.lock, held by flock for as long as this process trains: by it the lab sees that the run is alive."""

    def __init__(self, directory):
        self.fd, path = -1, os.path.join(directory, "run.lock")
        fd, until = os.open(path, os.O_RDWR | os.O_CREAT | CLOEXEC, 0o644), time.monotonic() + LOCK_SECONDS
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    os.close(fd)
                    raise RuntimeError(f"{directory}: another process is logging there") from None
                time.sleep(0.05)
            except OSError:
                # A file system without locks. A lock file that nobody can hold would make the lab think the run dead.
                os.close(fd)
                os.unlink(path)
                return
        self.fd = fd

    def close(self):
        if self.fd >= 0:
            os.close(self.fd)
        self.fd = -1


HEAD = re.compile(rb'\{\s*"seq":\s*(\d+),.{0,60}?"kind":\s*"(\w+)"'
                  rb'(?:,\s*"(?:step|to_step)":\s*(-?\d+)[,}\s](?:\s*"tokens":\s*(\d+))?)?')
STEPLESS = (b"start", b"status", b"message", b"end")


class _LogFile:
    """events.jsonl: whole lines only. `body` is a line without its brace and seq, which it gets when it is written, so that
    seq is gapless whatever was dropped."""

    def __init__(self, path, from_step=None):
        self.fd = os.open(path, os.O_RDWR | os.O_CREAT | CLOEXEC, 0o644)
        self.end = self.seq = self.attempts = 0
        self.from_step, self.tokens = from_step, 0  # trained on up to that step, or to the log's end
        self.last_step = None  # the highest step that is not superseded
        self.pending, self.pending_bytes, self.dirty = collections.deque(), 0, False
        try:
            self._scan(path)
            self._cut()
        except BaseException:
            os.close(self.fd)
            raise

    def _scan(self, path):
        if not os.path.isfile(path):
            return  # /dev/full
        with open(path, "rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    break  # torn by a crash: cut off
                self.end += len(line)
                self._note(line)

    def _note(self, line):
        head = HEAD.match(line)
        try:
            if head and (head.group(3) or head.group(2) in STEPLESS):
                seq, kind, step, tokens = head.groups()
            else:  # written by somebody else, in another order
                event = json.loads(line)
                seq, kind, tokens = event["seq"], str(event["kind"]).encode(), event.get("tokens")
                step = event.get("to_step" if kind == b"rewind" else "step")
            seq, step, tokens = int(seq), None if step is None else int(step), int(tokens or 0)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
            return  # no event: the lab skips it, too
        if seq <= self.seq:
            return
        self.seq = seq
        self.attempts += kind == b"start"
        if kind == b"scalars" and (self.from_step is None or step is None or step <= self.from_step):
            self.tokens = tokens
        if kind == b"rewind":
            self.last_step = step
        elif step is not None and kind != b"status":
            self.last_step = step if self.last_step is None else max(self.last_step, step)

    def _cut(self):
        try:
            os.ftruncate(self.fd, self.end)
        except OSError:
            pass  # /dev/full: nothing there that could be torn

    def close(self):
        if self.fd >= 0:
            os.close(self.fd)
        self.fd = -1

    def push(self, body):
        self.pending.append(body)
        self.pending_bytes += len(body)

    def write_pending(self):
        """Raises OSError when the disk does not take all; what it took stays, what it tore is cut off and kept."""
        while self.pending:
            lines, size = [], 0
            for body in self.pending:
                lines.append(b'{"seq":%d,' % (self.seq + len(lines) + 1) + body)
                size += len(lines[-1])
                if size >= WRITE_BYTES:
                    break
            data, written = b"".join(lines), 0
            try:
                while written < len(data):
                    count = os.pwrite(self.fd, data[written:] if written else data, self.end + written)
                    if count <= 0:
                        raise OSError(5, "nothing was written")
                    written += count
            finally:
                for line in lines:
                    if written < len(line):
                        self._cut()
                        break
                    written -= len(line)
                    self.end += len(line)
                    self.seq += 1
                    self.pending_bytes -= len(self.pending.popleft())
                    self.dirty = True

    def sync(self):
        if self.dirty:
            self.dirty = False
            _sync_file(self.fd)


# Who writes ------------------------------------------------------------------------------------------------------------------

def _rank():
    distributed = sys.modules.get("torch.distributed")
    try:
        if distributed is not None and distributed.is_available() and distributed.is_initialized():
            return distributed.get_rank()
    except Exception:  # half-imported
        pass
    names = ["RANK", "OMPI_COMM_WORLD_RANK", "PMI_RANK"]
    if os.environ.get("SLURM_STEP_NUM_TASKS", os.environ.get("SLURM_NTASKS", "1")) != "1":
        names.append("SLURM_PROCID")
    for name in [*names, "LOCAL_RANK"]:
        if os.environ.get(name, "").isdigit():
            return int(os.environ[name])
    return 0


def _environment():
    facts = {"python": ".".join(map(str, sys.version_info[:3]))}
    if sys.argv and sys.argv[0]:
        facts["script"] = _text(sys.argv[0])
    for name in ("WORLD_SIZE", "CUDA_VISIBLE_DEVICES", "SLURM_JOB_ID", "SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID",
                 "SLURM_RESTART_COUNT", "SLURM_JOB_NODELIST"):
        if os.environ.get(name):
            facts[name.lower()] = _text(os.environ[name])
    for name in ("torch", "transformers", "trl", "accelerate", "peft", "deepspeed", "vllm", "datasets"):
        version = getattr(sys.modules.get(name), "__version__", None)
        if version is not None:
            facts[name] = _text(version)
    return facts


def _find_run(root, name):
    """The newest run of that name, or None."""
    found = []
    for entry in os.listdir(root) if os.path.isdir(root) else []:
        try:
            with open(os.path.join(root, entry, "run.json"), encoding="utf-8") as file:
                identity = json.load(file)
            if identity.get("name") == name:
                found.append((float(identity.get("created", 0)), os.path.join(root, entry)))
        except (OSError, ValueError, AttributeError, TypeError):
            continue
    return max(found)[1] if found else None


# The run ---------------------------------------------------------------------------------------------------------------------

def _wait(done, seconds):
    """For something in a queue. In slices: a process that was stopped for a while (SIGSTOP) must not find its time gone."""
    for _ in range(int(4 * seconds)):
        try:
            done.get(timeout=0.25)
            return True
        except queue.Empty:
            pass
    return False


def _guarded(otherwise=None):
    """Whatever goes wrong in a method is counted and told, and the training goes on."""
    def decorate(method):
        @functools.wraps(method)
        def call(self, *arguments, **named):
            try:
                if self._mode == "off" or os.getpid() != self._pid:
                    return otherwise
                return method(self, *arguments, **named)
            except Exception as error:  # KeyboardInterrupt is the user's
                self._refuse(f"{method.__name__}(): {_said(error)}", method.__name__)
                return otherwise
        return call
    return decorate


class Run:
    """One run directory, written by this process. Made by init(); all methods may be called from any thread."""

    def __init__(self):
        self.directory = ""
        self.name = ""
        self.id = ""
        self.attempt = 1
        self._mode = "off"  # "live"; "broken": everything is counted as dropped; "off": silently nothing
        self._pid = os.getpid()
        # No lock anywhere: one that an exception from a signal handler (Ctrl+C) leaves held would silence every other thread.
        # What several threads count has an entry a thread, and whoever is first takes the end.
        self._told = set()
        self._counts = {}  # (thread, why): dropped records
        self._sizes = {}  # thread: bytes that it queued
        self._taken = 0  # bytes of the queue that the writing thread took
        self._ends = ["the one that ends it"]
        self._current_step = 0
        self._tokens = 0
        self._total_steps = 0
        self._queue = queue.SimpleQueue()  # its put() is reentrant: a signal handler may log
        self._thread = self._file = self._lock = None
        self._retry_at = self._last_sync = 0.0  # the writing thread's
        self._ending = ("finished", "")
        self._listens = []  # requests that this process looks at
        self._rewind_from = None  # the step that the log had reached, until this attempt says its first one

    # What is said --------------------------------------------------------------------------------------------------------

    @_guarded()
    def log(self, values, step=None, tokens=None):
        """Metrics of one optimizer step: numbers, one-element tensors, nested dictionaries (their names joined by "/"). NaN
        and infinities are kept. Without a step: the one after the last; `tokens` counts from the beginning of training."""
        numbers = {}
        for name, value in _flat(values):
            try:
                numbers[name] = _real(value)
            except Exception as error:
                if value is not None:
                    self._tell(f"log(): {name!r} was left out: {_said(error)}", f"value {name}")
        self._current_step = step = self._current_step + 1 if step is None else _integer(step, "step")
        if tokens is not None:
            self._tokens = _integer(tokens, "tokens")
        if numbers:
            self._put("scalars", step, [("step", step), ("tokens", self._tokens), ("values", _numbers(numbers))])

    @_guarded()
    def trace(self, prompt, completion, step=None, *, group=0, sample=0, reward=None, rewards=None, advantage=None,
              correct=False, gold="", extracted="", task="", problem="", phase="train", num_tokens=None, finish="stop",
              worked=None, steps=(), tokens=None):
        """One sampled completion. `group`: those of one prompt sampled together, unique within (step, phase); `rewards`: the
        unweighted components by name; `problem`: a stable id (default: of the prompt); `steps`: (begin, end, verdict,
        reason) with bytes of the UTF-8 completion; `tokens`: arrays with one entry a generated token, any of ids, ends (byte
        offsets), logprobs, entropies, ref_logprobs, ratios, advantages, clipped, values, scores."""
        prompt, completion = _text(prompt), _text(completion)
        arrays = self._token_arrays(tokens or {})
        if num_tokens is None:
            num_tokens = next((len(values) for values in arrays.values()), 0)
        step = self._step_or_current(step)
        members = [("step", step), ("phase", _quote(phase)), ("task", _quote(task)),
                   ("problem", _quote(problem or problem_id(prompt, _text(task) or "prompt"))),
                   ("group", _integer(group, "group")), ("sample", _integer(sample, "sample", INT32)),
                   ("prompt", _quote(prompt)), ("completion", _quote(completion)), ("gold", _quote(gold)),
                   ("extracted", _quote(extracted)), ("correct", "true" if correct else "false"),
                   ("worked", "true" if ("</think>" in completion if worked is None else worked) else "false")]
        members += [(name, _real(value)) for name, value in (("reward", reward), ("advantage", advantage)) if value is not None]
        components = {_text(name): _real(value) for name, value in (rewards or {}).items() if value is not None}
        if components:
            members.append(("rewards", _numbers(components)))
        members += [("num_tokens", _integer(num_tokens, "num_tokens", INT32)), ("finish", _quote(finish))]
        if len(steps):
            members.append(("steps", "[" + ",".join(map(_step, steps)) + "]"))
        if arrays:
            texts = ",".join(f'"{name}":{_token_array(name, values)}' for name, values in arrays.items())
            members.append(("per_token", "{" + texts + "}"))
        self._put("trace", step, members)

    @_guarded()
    def checkpoint(self, path, step=None):
        """A checkpoint that was just written, anywhere: one outside of the run directory is linked into checkpoints/. Returns
        when all that was said is on disk. The lab's request for a checkpoint is thereby carried out."""
        step = self._step_or_current(step)
        self._put("checkpoint", step, [("step", step), ("path", _quote(self._inside(os.fspath(path), step)))])
        self.sync()
        self._withdraw("checkpoint")

    @_guarded()
    def evaluation(self, name, metrics, step=None, items=(), set_hash=""):
        """A held-out evaluation: metrics by name ("accuracy", "pass@4", "mean_length" …) and, per problem, {"problem",
        "samples", "correct", "mean_tokens"}, by which evaluations are compared item by item. `set_hash` says which problem set
        it was; by default it is made of the items' names."""
        step, items = self._step_or_current(step), list(items)
        rows = [_item(item) for item in items]
        if rows and not set_hash:
            names = sorted(_text(item["problem"] if isinstance(item, dict) else item[0]) for item in items)
            set_hash = hashlib.sha256("\0".join(names).encode("utf-8", "replace")).hexdigest()[:16]
        numbers = {}
        for metric, value in _flat(metrics):
            try:
                numbers[metric] = _real(value)
            except Exception as error:
                if value is not None:
                    self._tell(f"evaluation(): {metric!r} was left out: {_said(error)}", f"value {metric}")
        self._put("evaluation", step, [("step", step), ("name", _quote(name)), ("set", _quote(set_hash)),
                                       ("metrics", _numbers(numbers)), ("items", "[" + ",".join(rows) + "]")])

    @_guarded()
    def status(self, state, step=None, total_steps=None, seconds_left=None):
        """What the trainer is doing now: "training", "generating", "evaluating", "saving" …"""
        if total_steps is not None:
            self._total_steps = _integer(total_steps, "total_steps")
        members = [("state", _quote(state)), ("step", self._step_or_current(step)), ("total_steps", self._total_steps)]
        if seconds_left is not None:
            members.append(("seconds_left", _real(seconds_left)))
        self._put("status", None, members)

    @_guarded()
    def message(self, text, level="info"):
        """A sentence for people; `level`: "info", "warning" or "error"."""
        self._put("message", None, [("level", _quote(level)), ("text", _quote(text))])

    @_guarded()
    def alarm(self, rule, text, severity="warning", step=None):
        """Something that needs a look: "non_finite", "length_collapse", or a rule of your own."""
        step = self._step_or_current(step)
        self._put("alarm", step, [("step", step), ("rule", _quote(rule)), ("severity", _quote(severity)),
                                  ("text", _quote(text))])

    @_guarded()
    def rewind(self, to_step):
        """What was logged behind `to_step` is superseded by what follows: the training went back to a checkpoint. A continued
        run does so by itself."""
        self._current_step = to_step = _integer(to_step, "to_step")
        self._put("rewind", None, [("to_step", to_step)], rewind=to_step)

    # What the lab asks for -----------------------------------------------------------------------------------------------

    @_guarded(False)
    def should_stop(self):
        return self._is_asked("stop")

    @_guarded(False)
    def should_pause(self):
        return self._is_asked("pause")

    @_guarded(False)
    def should_checkpoint(self):
        """Until checkpoint() is called."""
        return self._is_asked("checkpoint")

    @_guarded()
    def wait_while_paused(self, interval=0.5):
        """Returns at once when no pause is asked for, else when it is taken back or a stop is asked for."""
        if not self.should_pause() or self.should_stop():
            return
        self.status("paused")
        while self.should_pause() and not self.should_stop():
            time.sleep(interval)
        if not self.should_stop():
            self.status("training")

    # Its end -------------------------------------------------------------------------------------------------------------

    @_guarded()
    def sync(self):
        """Blocks until everything that was said is on disk (or cannot be written now)."""
        if self._thread is not None and threading.current_thread() is not self._thread:
            done = queue.SimpleQueue()
            self._queue.put(("sync", done))
            _wait(done, 30)

    @_guarded()
    def end_as(self, outcome, error=""):
        """How the run ends when the process ends by itself later: "stopped", where the trainer did what should_stop() asked."""
        self._ending = (_text(outcome), _text(error))

    def finish(self, outcome="finished", error=""):
        """Ends the attempt: "finished", "stopped" (asked to) or "failed" with the error. At the end of the process this happens
        by itself."""
        try:
            if os.getpid() == self._pid:
                self._finish(_text(outcome), _said(error) if isinstance(error, BaseException) else _text(error))
        except Exception as problem:
            self._tell(f"finish(): {_said(problem)}", "finish")

    def _finish(self, outcome, error):
        mode, self._mode = self._mode, "off"
        try:
            self._ends.pop()
        except IndexError:
            return
        if mode == "live":
            if outcome == "stopped":
                self._withdraw("stop")
            ended = queue.SimpleQueue()
            self._queue.put(("end", outcome, error, ended))
            if _wait(ended, FINISH_SECONDS):
                self._thread.join(FINISH_SECONDS)
                self._file.close()
                self._lock.close()
        lost = self._lost()
        if mode != "off" and lost:
            self._tell(lost, "lost")

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.finish(*_outcome_of(kind, error))

    @property
    def dropped(self):
        """How many records were lost so far."""
        return sum(list(self._counts.values()))

    # Inside --------------------------------------------------------------------------------------------------------------

    def _step_or_current(self, step):
        return self._current_step if step is None else _integer(step, "step")

    def _token_arrays(self, tokens):
        arrays, length = {}, None
        for name, values in tokens.items():
            try:
                if name not in TOKEN_INTEGERS + TOKEN_NUMBERS:
                    raise ValueError("no such array")
                if values is None:
                    continue
                values = _list(values)
                if length is not None and len(values) != length:
                    raise ValueError(f"{len(values)} entries, but {length} tokens")
                _token_array(name, values)
                arrays[name], length = values, len(values)
            except Exception as error:
                self._tell(f"trace(): tokens[{name!r}] was left out: {_said(error)}", f"tokens {name}")
        return arrays

    def _inside(self, path, step):
        """The path that the log names: relative to the run directory, through a link where the checkpoint lies elsewhere."""
        there, here = os.path.realpath(path), os.path.realpath(self.directory)
        if os.path.commonpath([there, here]) == here and there != here:
            return os.path.relpath(there, here)
        # Where the lab supervises a command, checkpoints/ is a link to the run's own.
        folder, name = os.path.realpath(os.path.join(here, "checkpoints")), f"step-{step:08d}"
        link, beside = os.path.join(folder, name), os.path.join(folder, f".{name}.{os.getpid()}.tmp")
        try:
            os.makedirs(folder, exist_ok=True)
            if os.path.commonpath([there, folder]) == folder and there != folder:
                return os.path.join("checkpoints", os.path.relpath(there, folder))
            if os.path.lexists(link) and not os.path.islink(link):
                return there
            os.symlink(os.path.relpath(there, folder), beside)
            os.replace(beside, link)
            return f"checkpoints/{name}"
        except OSError as error:
            self._tell(f"checkpoint(): cannot link it: {error}", "link")
            return there

    def _request_file(self, request):
        return os.path.join(self.directory, "control", request)

    def _is_asked(self, request):
        if self._mode != "live":
            return False
        if request not in self._listens and os.environ.get("RETORT_CONTROL_DIR"):
            self._listens.append(request)
            self._say_what_is_listened_to()
        return os.path.exists(self._request_file(request))

    def _say_what_is_listened_to(self):
        """control/listens: who supervises this process leaves these requests to it; others become signals."""
        path = self._request_file("listens")
        try:
            with open(f"{path}.{os.getpid()}.tmp", "w", encoding="ascii") as file:
                file.write(" ".join(self._listens) + "\n")
            os.replace(f"{path}.{os.getpid()}.tmp", path)
        except OSError:
            pass  # a full disk: it is asked by a signal, then

    def _withdraw(self, request):
        try:
            os.unlink(self._request_file(request))
        except OSError:
            pass

    def _put(self, kind, step, members, rewind=None):
        if self._mode == "broken":
            self._drop("nowhere to write")
            return
        body = _encoded(_body(kind, members))
        if len(body) > LONGEST_RECORD:
            raise ValueError(f"{len(body)} bytes are too many for one record")
        thread = threading.get_ident()
        if sum(list(self._sizes.values())) - self._taken + len(body) > 2 * MOST_PENDING_BYTES:
            self._drop("the disk took no more")  # the writing thread is stuck in a system call
            return
        self._queue.put(("line", body, step, rewind))
        self._sizes[thread] = self._sizes.get(thread, 0) + len(body)

    def _drop(self, why, count=1):
        key = (threading.get_ident(), why)
        self._counts[key] = self._counts.get(key, 0) + count

    def _refuse(self, text, key):
        if self._mode != "off":
            self._drop("could not be recorded")
        self._tell(text, key)

    def _lost(self):
        reasons = collections.Counter()
        for (_, why), count in list(self._counts.items()):
            reasons[why] += count
        parts, total = [f"{count}: {why}" for why, count in reasons.items()], sum(reasons.values())
        if not total:
            return ""
        return f"{total} record{'s were' if total > 1 else ' was'} lost ({'; '.join(parts)})"

    def _tell(self, text, key):
        """Once for each key, on stderr; it must do nothing worse than stay silent."""
        if key in self._told:
            return
        self._told.add(key)
        try:
            sys.stderr.write(f"retort_log: {text}\n")
            sys.stderr.flush()
        except Exception:  # closed, or in the middle of another write (a signal handler)
            pass

    # The writing thread. Signal handlers and KeyboardInterrupt strike the main thread only, so a line is never torn by one.

    def _work(self):
        ended = False
        while not ended:
            items = self._next_items()
            try:
                self._write_items(items)
            except Exception as error:  # out of memory: whoever waits goes on all the same
                self._refuse(f"{self.directory}: {_said(error)}", "work")
            for item in items:
                if item[0] != "line":
                    item[-1].put(None)
                    ended = ended or item[0] == "end"

    def _write_items(self, items):
        for item in items:
            if item[0] == "line":
                self._take(*item[1:])
        asked, now = any(item[0] != "line" for item in items), time.monotonic()
        if self._file.pending and (asked or now >= self._retry_at):
            self._retry_at = 0.0 if self._write() else now + RETRY_SECONDS
        if asked or now - self._last_sync >= SYNC_SECONDS:
            self._sync_now()
            self._last_sync = now
        for item in items:
            if item[0] == "end":
                self._write_end(*item[1:3])

    def _next_items(self):
        items = []
        try:
            items.append(self._queue.get(timeout=0.2))
            while len(items) < 10000:
                items.append(self._queue.get_nowait())
        except queue.Empty:
            pass
        return items

    def _take(self, body, step, rewind):
        self._taken += len(body)
        file = self._file
        if file.pending_bytes > MOST_PENDING_BYTES:
            self._drop("the disk took no more")
            return
        if rewind is not None:
            self._rewind_from = None
        elif step is not None and self._rewind_from is not None:
            # A continued run whose trainer did not say where it goes on: it says so by its first step.
            if step <= self._rewind_from:
                file.push(_encoded(_body("rewind", [("to_step", step - 1)])))
            self._rewind_from = None
        file.push(body)

    def _write(self):
        try:
            self._file.write_pending()
            return True
        except OSError as error:
            self._tell(f"{self.directory}: cannot write the log: {error.strerror} (it is tried again; what is said meanwhile "
                       f"waits in memory, up to {MOST_PENDING_BYTES >> 20} MB)", f"write {error.errno}")
            return False

    def _sync_now(self):
        try:
            self._file.sync()
        except OSError as error:
            self._tell(f"{self.directory}: cannot sync the log: {error.strerror}", f"sync {error.errno}")

    def _write_end(self, outcome, error):
        until = time.monotonic() + FINISH_SECONDS / 3
        while self._file.pending and not self._write() and time.monotonic() < until:
            time.sleep(RETRY_SECONDS)
        if self._file.pending:
            self._drop("the disk took no more", len(self._file.pending))
            self._file.pending.clear()
            self._file.pending_bytes = 0
        lost = self._lost()
        if lost:
            self._file.push(_encoded(_body("message", [("level", '"error"'), ("text", _quote(lost))])))
        error = "; ".join(part for part in (error, lost) if part)
        members = [("outcome", _quote(outcome))] + ([("error", _quote(error))] if error else [])
        self._file.push(_encoded(_body("end", members)))
        self._write()
        self._sync_now()

    # Its beginning -------------------------------------------------------------------------------------------------------

    def _open(self, directory, root, name, config, study, recipe, parent, total_steps, from_step, resume):
        if fcntl is None:
            raise RuntimeError("run directories are written on Linux and macOS only")
        created = time.time()
        self.id, self.name = str(uuid.uuid4()), name
        if not directory and resume:
            directory = _find_run(root, name)
        if not directory:
            plain = re.sub(r"[^A-Za-z0-9._-]", "-", name[:80])
            directory = os.path.join(root, f"{time.strftime('%Y%m%d-%H%M%S', time.localtime(created))}-{plain}-{self.id[:8]}")
        self.directory = os.path.abspath(directory)
        for folder in ("checkpoints", "control"):
            os.makedirs(os.path.join(self.directory, folder), exist_ok=True)
        self._lock = _Lock(self.directory)
        try:
            identity = {"format_version": 1, "id": self.id, "created": created, "name": name, "study": study, "recipe": recipe,
                        "host": socket.gethostname(), "program": f"retort_log {__version__}"}
            if parent:
                identity["parent"] = parent
            self._identify(identity, config)
            from_step = None if from_step is None else _integer(from_step, "from_step")
            self._file = _LogFile(os.path.join(self.directory, "events.jsonl"), from_step)
            self._begin(total_steps, from_step)
        except BaseException:
            if self._file is not None:
                self._file.close()
            self._lock.close()
            raise

    def _identify(self, identity, config):
        path, config_path = os.path.join(self.directory, "run.json"), os.path.join(self.directory, "config.yaml")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                identity = json.load(file)
            if not isinstance(identity, dict) or len(_text(identity.get("id"))) < 8 or identity.get("format_version", 1) != 1:
                raise ValueError(f"{path} is no run.json of format 1")
            self.id, self.name = identity["id"], _text(identity.get("name"))
        if not os.path.exists(config_path):
            if not isinstance(config, dict):
                config = {} if config is None else getattr(config, "__dict__", {"config": config})
            _write_atomically(config_path, "\n".join(_yaml({"recipe": identity.get("recipe", ""), **config})) + "\n")
        known = identity.get("environment")
        identity["environment"] = {**(known if isinstance(known, dict) else {}), **_environment()}
        # Last: it is what makes the folder a run.
        _write_atomically(path, json.dumps(identity, indent=2, ensure_ascii=False) + "\n")

    def _begin(self, total_steps, from_step):
        file, before = self._file, self._file.last_step
        self.attempt = file.attempts + 1
        self._total_steps = _integer(total_steps or 0, "total_steps")
        start = self._current_step = from_step or 0
        self._tokens = file.tokens
        members = [("attempt", self.attempt), ("from_step", start), ("total_steps", self._total_steps), ("pid", os.getpid()),
                   ("host", _quote(socket.gethostname())), ("program", _quote(f"retort_log {__version__}"))]
        file.push(_encoded(_body("start", members)))
        if self.attempt > 1 and from_step is not None:
            # From the beginning, what was said of step 0 is said again, too.
            file.push(_encoded(_body("rewind", [("to_step", start if start > 0 else -1)])))
        elif before is not None:
            self._rewind_from, self._current_step = before, before
        self._thread = threading.Thread(target=self._work, name="retort_log", daemon=True)
        self._thread.start()
        self._mode = "live"

    def _forget(self):
        """In a forked child: it must not write, and not hold the parent's lock beyond the parent's life."""
        self._mode = "off"
        for owner in (self._file, self._lock):
            if owner is not None:
                owner.close()


# The process's run -----------------------------------------------------------------------------------------------------------

_run = Run()  # that nobody began: everything does nothing
_exit_outcome = None  # what the process's end says of the run's
_hooked = False
_previous = {}


def current():
    """The run that init() began, or one that does nothing."""
    return _run


def init(directory=None, name=None, config=None, *, root=None, study=None, recipe="external", parent=None, total_steps=0,
         from_step=None, resume=None, rank=None, hooks=True):
    """Begins (or continues) a run; later calls with the same directory return it. Never raises.

    directory    the run directory; default: a new one in `root`, named by date, time and `name`
    config       a dictionary, kept as config.yaml
    study        the name of a study that the run belongs to; parent: the id of the run that it starts from
    total_steps  0: unknown
    from_step    the step of the checkpoint from which training continues (0: from the beginning); None: it shows by the first
                 step that is logged. What the log held beyond it becomes superseded.
    resume       without a directory: whether to continue the newest run of this name in `root`
    rank         default: from torch.distributed, RANK, SLURM_PROCID …; only rank 0 writes
    hooks        whether uncaught exceptions, SIGTERM and the end of the process end the run
    """
    global _run, _exit_outcome
    run = Run()
    try:
        environment = os.environ.get
        directory = environment("RETORT_RUN_DIR") or directory
        directory = None if directory is None else os.path.abspath(os.fspath(directory))
        alive = _run._mode != "off" and _run._pid == os.getpid()
        if alive and directory is not None and directory == _run.directory:
            return _run
        if (_rank() if rank is None else rank) != 0 or environment("RETORT_LOG", "").lower() in ("0", "off", "false", "no"):
            return _run if alive else run
        if alive:
            _run.finish()
        _run, _exit_outcome = run, None
        run._mode = "broken"
        if resume is None:
            resume = environment("RETORT_RESUME", "0").lower() not in ("", "0", "off", "false", "no")
        script = os.path.splitext(os.path.basename(sys.argv[0] if sys.argv else ""))[0]
        name = _text(environment("RETORT_RUN_NAME") or name or script or "run")
        study, root = _text(environment("RETORT_STUDY") or study), os.fspath(environment("RETORT_RUNS") or root or "retort-runs")
        run._open(directory, root, name, config, study, _text(recipe), parent, total_steps, from_step, resume)
    except Exception as error:
        run._tell(f"nothing is logged: {_said(error)}", "init")
    try:
        if hooks and run._mode != "off":
            _install_hooks()
    except Exception as error:
        run._tell(f"the end of the process will not be noticed: {error}", "hooks")
    return run


def _install_hooks():
    global _hooked
    if not _hooked:
        _hooked = True
        atexit.register(_at_exit)
        _previous["excepthook"], sys.excepthook = sys.excepthook, _on_exception
        _previous["exit"], sys.exit = sys.exit, _on_sys_exit
    if threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGTERM) not in (_on_sigterm, signal.SIG_IGN, None):
        _previous["sigterm"] = signal.signal(signal.SIGTERM, _on_sigterm)


def _outcome_of(kind, error):
    if kind is None or (issubclass(kind, SystemExit) and error.code in (None, 0)):
        return "finished", ""
    return "stopped" if issubclass(kind, KeyboardInterrupt) else "failed", _said(error)


def _at_exit():
    _run.finish(*(_exit_outcome or _run._ending))


def _on_exception(kind, error, trace):
    try:
        _run.finish(*_outcome_of(kind, error))
    finally:
        _previous["excepthook"](kind, error, trace)


def _on_sys_exit(status=None):
    # atexit does not know the status.
    global _exit_outcome
    in_main = threading.current_thread() is threading.main_thread()
    if in_main and (_exit_outcome is None or _exit_outcome[0] != "stopped"):  # after SIGTERM any status means that
        _exit_outcome = None if status in (None, 0) else ("failed", f"exit status {status}")
    _previous["exit"](status)


def _on_sigterm(number, frame):
    global _exit_outcome
    previous = _previous.get("sigterm", signal.SIG_DFL)
    if os.getpid() == _run._pid and callable(previous):
        # Somebody's own handler, which may save a checkpoint and end the process in its own way.
        _exit_outcome = ("stopped", "SIGTERM")
        _run.status("stopping")
        _run.sync()
    elif os.getpid() == _run._pid:
        _run.finish("stopped", "SIGTERM")
    if callable(previous):
        previous(number, frame)
        return
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGTERM)


def _after_fork():
    _run._forget()
    try:
        if signal.getsignal(signal.SIGTERM) is _on_sigterm:
            signal.signal(signal.SIGTERM, _previous.get("sigterm", signal.SIG_DFL))
    except (ValueError, TypeError):  # not the main thread
        pass


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _of_current(name):
    method = getattr(Run, name)

    @functools.wraps(method)
    def call(*arguments, **named):
        return getattr(_run, name)(*arguments, **named)
    return call


log, trace, evaluation, checkpoint = map(_of_current, ("log", "trace", "evaluation", "checkpoint"))
status, message, alarm, rewind = map(_of_current, ("status", "message", "alarm", "rewind"))
should_stop, should_pause, should_checkpoint = map(_of_current, ("should_stop", "should_pause", "should_checkpoint"))
wait_while_paused, sync, end_as, finish = map(_of_current, ("wait_while_paused", "sync", "end_as", "finish"))
