# TensorBoard's own event writer, in its two manners: one Event a scalar (what torch's add_scalar does) and one Event
# with all values of a step.
# needs: tensorboard==2.20.0 setuptools<81
import json
import math
import shutil
import tempfile
import time

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

SERIES = 20
NAMES = [f"rewards/component_{i}" for i in range(SERIES)]


def value(step, i):
    return Summary.Value(tag=NAMES[i], simple_value=math.sin(step * (i + 1) * 1e-3))


def points_per_second(steps, events_of_step):
    folder = tempfile.mkdtemp(prefix="retort-bench-")
    writer = EventFileWriter(folder)
    start = time.perf_counter()
    for step in range(steps):
        for event in events_of_step(step):
            writer.add_event(event)
    writer.flush()
    rate = steps * SERIES / (time.perf_counter() - start)
    writer.close()
    shutil.rmtree(folder)
    return rate


def one_event_a_scalar(step):
    for i in range(SERIES):
        yield Event(wall_time=time.time(), step=step, summary=Summary(value=[value(step, i)]))


def one_event_a_step(step):
    yield Event(wall_time=time.time(), step=step, summary=Summary(value=[value(step, i) for i in range(SERIES)]))


def report(case, rate):
    print(json.dumps({"case": case, "value": rate, "unit": "points/s"}), flush=True)


report("points into the store, batches of 20 000", points_per_second(10_000, one_event_a_scalar))
report("points into the log, 20 a line", points_per_second(20_000, one_event_a_step))
