#!/usr/bin/env python3
"""GRPO with TRL, watched from Retort: a small model learns to end its answers as the data has them.

    python train.py                                             # Qwen2.5-0.5B on GSM8K, from the hub, on what GPUs there are
    python train.py --model /models/mine --data problems.jsonl  # a folder, and lines of {"prompt": …, "answer": …}

What Retort needs is marked with (R). Started again in the same output folder, it goes on from its last checkpoint.
"""
import argparse
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
# (R) retort_log.py and retort_trl.py: beside this file, or where they lie in Retort's sources.
sys.path[:0] = [HERE, os.path.join(HERE, "..", "..", "python")]

from datasets import load_dataset
from transformers.trainer_utils import get_last_checkpoint
from trl import GRPOConfig, GRPOTrainer

from retort_trl import RetortCallback

ANSWER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
ASK = "{}\nThink step by step, and end with a line that says #### and the answer."


def problems(data):
    """A data set with the columns prompt and answer."""
    if data:
        return load_dataset("json", data_files=data, split="train")
    gsm8k = load_dataset("openai/gsm8k", "main", split="train")
    return gsm8k.map(lambda row: {"prompt": [{"role": "user", "content": ASK.format(row["question"])}],
                                  "answer": row["answer"].split("####")[-1].strip()}, remove_columns=gsm8k.column_names)


def text_of(completion):
    return completion if isinstance(completion, str) else completion[-1]["content"]


# (R) A reward whose name holds "accuracy" or "correct" says which traces are right; a column "answer" (or "solution", "gold",
# "ground_truth") is shown as their gold answer.
def accuracy_reward(completions, answer, **_):
    numbers = [ANSWER.findall(text_of(completion)) for completion in completions]
    return [float(bool(found) and found[-1].replace(",", "") == gold.replace(",", "")) for found, gold in zip(numbers, answer)]


def format_reward(completions, **_):
    return [0.2 * ("####" in text_of(completion)) for completion in completions]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    # (R) RETORT_MODEL: what run.yaml's model.from names, a checkpoint of another run.
    parser.add_argument("--model", default=os.environ.get("RETORT_MODEL", "Qwen/Qwen2.5-0.5B-Instruct"))
    parser.add_argument("--data", help="JSON lines with prompt and answer; default: GSM8K")
    parser.add_argument("--output", default="output", help="TRL's own folder: checkpoints")
    parser.add_argument("--max-steps", type=int, default=500)
    parser.add_argument("--learning-rate", type=float, default=1e-6)
    parser.add_argument("--batch", type=int, default=8, help="completions a GPU and pass")
    parser.add_argument("--num-generations", type=int, default=8)
    parser.add_argument("--max-completion-length", type=int, default=512)
    parser.add_argument("--save-steps", type=int, default=50)
    parser.add_argument("--cpu", action="store_true")
    arguments = parser.parse_args()

    config = GRPOConfig(
        output_dir=arguments.output, max_steps=arguments.max_steps, learning_rate=arguments.learning_rate,
        per_device_train_batch_size=arguments.batch, num_generations=arguments.num_generations,
        max_completion_length=arguments.max_completion_length, save_steps=arguments.save_steps, save_total_limit=2,
        logging_steps=1, report_to="none", use_cpu=arguments.cpu, bf16=not arguments.cpu)

    retort = RetortCallback(name=os.environ.get("SLURM_JOB_NAME"), study="gsm8k")  # (R) the environment may say otherwise
    trainer = GRPOTrainer(model=arguments.model, reward_funcs=[accuracy_reward, format_reward], args=config,
                          train_dataset=problems(arguments.data))
    retort.attach(trainer)  # (R) curves, and every completion as a trace; requests to stop, pause and save
    trainer.train(resume_from_checkpoint=get_last_checkpoint(arguments.output) if os.path.isdir(arguments.output) else None)


if __name__ == "__main__":
    main()
