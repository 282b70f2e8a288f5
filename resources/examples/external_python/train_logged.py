#!/usr/bin/env python3
"""The same training with retort_log.py: traces and checkpoints beside the curves, and requests at the next step."""
import os

import retort_log
from train import Trainer

run = retort_log.init(total_steps=int(os.environ.get("STEPS", "300")))
trainer = Trainer(seed=int(os.environ.get("RETORT_SEED", "1")), learning_rate=1.0, questions=16, group=8)
if os.environ.get("RETORT_CHECKPOINT"):  # the last one of an earlier attempt
    trainer.load(os.path.join(os.environ["RETORT_CHECKPOINT"], "state.json"))
    run.rewind(trainer.done)


def save():
    folder = os.path.join(run.directory, "checkpoints", f"step-{trainer.done:08d}")
    os.makedirs(folder, exist_ok=True)
    trainer.save(os.path.join(folder, "state.json"))
    run.checkpoint(folder, step=trainer.done)


while trainer.done < int(os.environ.get("STEPS", "300")):
    values, samples = trainer.step()
    run.log({**values, "accuracy": trainer.accuracy()}, step=trainer.done)
    if trainer.done % 10 == 0:
        for sample, (question, group, answer, reward, advantage) in enumerate(samples[:16]):
            run.trace(f"{question // 10}+{question % 10}=", str(answer), step=trainer.done, group=group, sample=sample,
                      reward=reward, advantage=advantage, correct=reward == 1, gold=str(question // 10 + question % 10),
                      extracted=str(answer), task="sums")
    run.wait_while_paused()
    if run.should_stop():
        run.end_as("stopped")
        break
    if trainer.done % 50 == 0 or run.should_checkpoint():
        save()
save()
