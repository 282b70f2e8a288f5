#!/usr/bin/env python3
"""A trainer that knows nothing of Retort, in plain Python: GRPO on the sums of two digits, with a table for a policy.

    python3 train.py --output out --steps 300      # writes out/metrics.jsonl and out/checkpoint.json, and goes on from the latter

The policy has a logit for each question (0+0 … 9+9) and answer (0 … 18). A step samples a group of answers to some questions,
rewards the right ones with 1, and moves the logits by the groups' normalised rewards. SIGTERM saves a checkpoint and ends it.
"""
import argparse
import json
import math
import os
import random
import signal
import sys
import time

ANSWERS = 19


def softmax(logits):
    highest = max(logits)
    weights = [math.exp(logit - highest) for logit in logits]
    total = sum(weights)
    return [weight / total for weight in weights]


class Trainer:
    def __init__(self, seed, learning_rate, questions, group):
        self.random = random.Random(seed)
        self.learning_rate, self.questions, self.group = learning_rate, questions, group
        self.policy = [[0.0] * ANSWERS for _ in range(100)]
        self.done = 0  # steps

    def step(self):
        """One optimizer step; its metrics, and its samples as (question, group, answer, reward, advantage)."""
        samples, entropy = [], 0.0
        for group in range(self.questions):
            question = self.random.randrange(100)
            right = question // 10 + question % 10
            chances = softmax(self.policy[question])
            entropy -= sum(p * math.log(p) for p in chances if p > 0)
            answers = self.random.choices(range(ANSWERS), chances, k=self.group)
            rewards = [float(answer == right) for answer in answers]
            mean = sum(rewards) / self.group
            spread = math.sqrt(sum((reward - mean) ** 2 for reward in rewards) / self.group)
            for answer, reward in zip(answers, rewards):
                advantage = (reward - mean) / (spread + 1e-6)
                samples.append((question, group, answer, reward, advantage))
                for each in range(ANSWERS):
                    slope = (each == answer) - chances[each]
                    self.policy[question][each] += self.learning_rate * advantage * slope / self.group
        self.done += 1
        right = sum(sample[3] for sample in samples) / len(samples)
        return {"reward": right, "entropy": entropy / self.questions}, samples

    def accuracy(self):
        best = [max(range(ANSWERS), key=logits.__getitem__) for logits in self.policy]
        return sum(answer == question // 10 + question % 10 for question, answer in enumerate(best)) / 100

    def save(self, path):
        with open(path + ".new", "w", encoding="utf-8") as file:
            json.dump({"step": self.done, "policy": self.policy, "random": self.random.getstate()}, file)
        os.replace(path + ".new", path)

    def load(self, path):
        with open(path, encoding="utf-8") as file:
            state = json.load(file)
        self.done, self.policy = state["step"], state["policy"]
        version, numbers, gauss = state["random"]
        self.random.setstate((version, tuple(numbers), gauss))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", default="output")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--learning-rate", type=float, default=1.0)
    parser.add_argument("--questions", type=int, default=16, help="groups a step")
    parser.add_argument("--group", type=int, default=8, help="answers to a question")
    parser.add_argument("--save-steps", type=int, default=50)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between steps, to have time to look")
    arguments = parser.parse_args()
    os.makedirs(arguments.output, exist_ok=True)
    checkpoint = os.path.join(arguments.output, "checkpoint.json")

    trainer = Trainer(arguments.seed, arguments.learning_rate, arguments.questions, arguments.group)
    if os.path.exists(checkpoint):
        trainer.load(checkpoint)
        print(f"goes on from step {trainer.done}", flush=True)

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with open(os.path.join(arguments.output, "metrics.jsonl"), "a", encoding="utf-8") as metrics:
            while trainer.done < arguments.steps:
                values, _ = trainer.step()
                print(json.dumps({"step": trainer.done, "time": time.time(), **values, "accuracy": trainer.accuracy()}),
                      file=metrics, flush=True)
                if trainer.done % arguments.save_steps == 0:
                    trainer.save(checkpoint)
                time.sleep(arguments.pause)
    finally:
        trainer.save(checkpoint)
    print(f"accuracy {trainer.accuracy():.2f} after {trainer.done} steps", flush=True)


if __name__ == "__main__":
    main()
