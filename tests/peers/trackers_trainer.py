#!/usr/bin/env python3
# needs: torch==2.13.0 transformers==5.23.0 trl==1.16.0 accelerate==1.15.0 datasets==5.2.0 pyarrow pandas rich tensorboardX
"""The output folder of TRL's GRPOTrainer, adopted: curves, checkpoints, completions; also after a resume.

tests/peers/golden/trackers/trainer/ is such a folder without its weights: 6 steps, a checkpoint each second one, then begun
again from checkpoint-4 up to step 8. This check writes one anew, adopts it and compares with trainer_state.json. To replace:

    tests/peers/trackers_trainer.py BUILD_DIR --write
"""
import json
import os
import pathlib
import shutil
import sys
import tempfile

GOLDEN = pathlib.Path(__file__).parent / "golden" / "trackers"
os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", TOKENIZERS_PARALLELISM="false", WANDB_DISABLED="true",
                  OMP_NUM_THREADS="1")
KEPT = {"trainer_state.json", "config.json"}


def train(folder, steps, resume):
    import datasets
    import tokenizers
    import torch
    import transformers
    import trl

    letters = sorted("abcdefghijklmnopqrstuvwxyz0123456789+= ?")
    vocabulary = {token: i for i, token in enumerate(["<pad>", "<eos>", "<unk>", *letters])}
    inner = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="<unk>"))
    inner.pre_tokenizer = tokenizers.pre_tokenizers.Split(tokenizers.Regex("."), "isolated")
    inner.decoder = tokenizers.decoders.Fuse()
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=inner, pad_token="<pad>", eos_token="<eos>",
                                                     unk_token="<unk>", padding_side="left")
    torch.manual_seed(1)
    model = transformers.LlamaForCausalLM(transformers.LlamaConfig(
        vocab_size=len(vocabulary), hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=2, max_position_embeddings=64, pad_token_id=0, eos_token_id=1, bos_token_id=None))

    def length_reward(completions, **_):
        return [len(text) / 8 for text in completions]

    rows = datasets.Dataset.from_list([{"prompt": f"{a}+{a}=?"} for a in range(8)])
    arguments = trl.GRPOConfig(
        output_dir=str(folder), max_steps=steps, per_device_train_batch_size=4, num_generations=4, max_completion_length=6,
        logging_steps=1, save_steps=2, save_total_limit=None, log_completions=True, report_to="tensorboard", use_cpu=True,
        seed=1, beta=0.0, num_completions_to_print=0)
    trainer = trl.GRPOTrainer(model=model, processing_class=tokenizer, reward_funcs=[length_reward], args=arguments,
                              train_dataset=rows)
    trainer.train(resume_from_checkpoint=resume)
    trainer.save_state()


def write(root):
    folder = root / "trainer"
    shutil.rmtree(folder, ignore_errors=True)
    train(folder, 6, None)
    first = json.loads((folder / "trainer_state.json").read_text())["log_history"]
    shutil.rmtree(folder / "checkpoint-6")
    train(folder, 8, str(folder / "checkpoint-4"))
    for path in folder.rglob("*"):
        if path.is_file() and path.name not in KEPT and "tfevents" not in path.name and path.suffix != ".parquet":
            path.unlink()
    state = json.loads((folder / "trainer_state.json").read_text())
    (root / "trainer.json").write_text(json.dumps({"log_history": state["log_history"], "first": first}, indent=1) + "\n")


def main():
    if "--write" in sys.argv:
        write(GOLDEN)
        return 0
    from trackers import adopted, same

    cli = pathlib.Path(sys.argv[1]).resolve() / "bin/retort-cli"
    with tempfile.TemporaryDirectory() as temporary:
        root = pathlib.Path(temporary)
        write(root)
        told = json.loads((root / "trainer.json").read_text())["log_history"]
        found = adopted(cli, root / "home", root / "trainer")
        state, points = found["trainer"]
        wrong = [] if state == "finished" else [f"is {state}"]
        for row in told:
            for name, value in row.items():
                if name == "step" or not isinstance(value, (int, float)):
                    continue
                have = [v for step, v in points.get(name, []) if step == row["step"]]
                if not any(same(v, float(value), True) for v in have):
                    wrong.append(f"{name} at {row['step']}: {value} was logged, there is {have}")
    print("\n".join(wrong) if wrong else f"{len(told)} entries of log_history adopted, every value as it was logged")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
