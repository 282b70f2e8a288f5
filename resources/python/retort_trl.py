# SPDX-License-Identifier: GPL-3.0-or-later
"""Trainers of transformers and TRL (SFT, DPO, GRPO, RLOO …) as Retort runs: one callback.

    from retort_trl import RetortCallback

    retort = RetortCallback(name="my-run")
    trainer = GRPOTrainer(..., callbacks=[retort])
    retort.attach(trainer)      # GRPO and RLOO: every completion becomes a trace
    trainer.train()

retort_log.py must lie beside this file; it says where the run directory comes from, and what survives what. Tested with the
versions that README.md names. Where TRL's inside is not as expected, traces lack what could not be had, and the training goes on.

Without attach(), `reward_funcs=[retort.wrap(accuracy), …]` makes traces of the completions that this process sees, with rewards
but without advantages.
"""
from __future__ import annotations

import functools
import inspect
import json
import os
import re
import time

from transformers import TrainerCallback

import retort_log

STATUS_SECONDS = 5.0
# Names of older versions and of other trainers that mean what the lab's catalogue has another name for.
RENAMED = {"completion_length": "completions/mean_length", "clip_ratio": "clip_ratio/region_mean", "objective/kl": "kl",
           "policy/entropy_avg": "entropy", "loss/policy_avg": "policy_loss", "lr": "learning_rate"}
OF_THE_MACHINE = ("runtime", "samples_per_second", "steps_per_second", "jit_compilation_time", "model_preparation_time")
GOLD = ("solution", "answer", "gold", "ground_truth")
EXTRACTED = ("answer_parsed", "pred", "extracted")


def _carefully(method):
    """As in retort_log: nothing of ours ends a training."""
    @functools.wraps(method)
    def call(self, *arguments, **named):
        try:
            return method(self, *arguments, **named)
        except Exception as error:
            self.run._refuse(f"{method.__name__}(): {retort_log._said(error)}", f"trl {method.__name__}")
            return None
    return call


def _json(value):
    return json.dumps(value, ensure_ascii=False, default=str)


def _plain(content):
    """The text of a message's content, of a list of its parts, or of anything else."""
    if isinstance(content, list):
        return "".join(_plain(part.get("text") or "") if isinstance(part, dict) else _plain(part) for part in content)
    return content if isinstance(content, str) else "" if content is None else _json(content)


def _message_text(message, silent_roles):
    if not isinstance(message, dict):
        return _plain(message)
    role, calls = message.get("role", ""), message.get("tool_calls")
    text = "\n".join(part for part in (_plain(message.get("content")), _json(calls) if calls else "") if part)
    return text if role in silent_roles else f"{role}: {text}"


def _prompt_text(prompt):
    if not isinstance(prompt, list):
        return _plain(prompt)
    return "\n\n".join(_message_text(message, ("user",) if len(prompt) == 1 else ()) for message in prompt)


def _completion_text(completion):
    if not isinstance(completion, list):
        return _plain(completion)
    return "\n\n".join(_message_text(message, ("assistant",)) for message in completion)


def _says_correct(name):
    return "accuracy" in name or "correct" in name


class _Row:
    """One completion, as far as it is known."""

    def __init__(self, prompt, completion):
        self.prompt, self.completion = _prompt_text(prompt), _completion_text(completion)
        self.rewards, self.advantage, self.ids, self.columns = {}, None, None, {}


class RetortCallback(TrainerCallback):
    """To be given to the trainer in every process; the first one writes. What is not named here goes to retort_log.init(); a
    run that was begun before is used as it is.

    traces_every    optimizer steps between those whose completions become traces; 0: none
    requests_every  optimizer steps between looks at what the lab asks for, on which several processes agree by a broadcast
    """

    def __init__(self, name=None, directory=None, *, traces_every=1, requests_every=1, **init):
        self._init = {"name": name, "directory": directory, **init}
        self._traces_every, self._requests_every = traces_every, max(1, requests_every)
        self._trainer = None
        self._batch = []  # what the reward functions of this process were given since the last look
        self._seen = []  # prompts and completions that were in the trainer's log at the last look
        self._group = (None, 0)
        self._began = self._last_status = 0.0
        self._first_step = 0
        self._stopped = False
        self._tokens_before = None  # trained on by earlier attempts, which the trainer does not count
        self._eos = None

    @property
    def run(self):
        return retort_log.current()

    # Where completions come from ------------------------------------------------------------------------------------------

    def attach(self, trainer):
        """Lets the callback see the trainer's reward functions and its log of completions, gathered over all processes."""
        try:
            self._trainer = trainer
            if self not in trainer.callback_handler.callbacks:
                trainer.add_callback(self)
            functions = getattr(trainer, "reward_funcs", None)
            if isinstance(functions, list):
                for i, function in enumerate(functions):
                    # Reward models are modules, which the trainer calls in its own way: their rewards are in its log.
                    if callable(function) and not hasattr(function, "forward"):
                        functions[i] = self.wrap(function)
        except Exception as error:
            self.run._tell(f"attach(): {retort_log._said(error)}", "trl attach")
        return self

    def wrap(self, function):
        """The same reward function; what it is called with is kept for the traces of this step."""
        if getattr(function, "retort_wrapped", False):
            return function
        inner = getattr(function, "func", function)  # of a functools.partial
        name = getattr(function, "__name__", None) or getattr(inner, "__name__", None) or type(function).__name__
        if inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(getattr(function, "__call__", None)):
            async def call(*arguments, **named):
                rewards = await function(*arguments, **named)
                self._keep(name, rewards, named)
                return rewards
        else:
            def call(*arguments, **named):
                rewards = function(*arguments, **named)
                self._keep(name, rewards, named)
                return rewards
        functools.update_wrapper(call, function, updated=())
        call.__name__ = name
        call.retort_wrapped = True
        return call

    @_carefully
    def _keep(self, name, rewards, named):
        if not self._is_writing() or self._traces_every <= 0:
            return
        completions, prompts = named.get("completions"), named.get("prompts")
        if completions is None or prompts is None:
            return
        # The functions are called one after the other with the same batch; one that comes again has the next.
        last = self._batch[-1] if self._batch else None
        if last is None or name in last["names"] or len(last["rows"]) != len(completions):
            last = {"names": set(), "rows": [_Row(p, c) for p, c in zip(prompts, completions)]}
            self._batch.append(last)
            for column in GOLD + EXTRACTED + ("completion_ids",):
                values = named.get(column)
                if isinstance(values, list) and len(values) == len(last["rows"]):
                    for row, value in zip(last["rows"], values):
                        if column == "completion_ids":
                            row.ids = value
                        else:
                            row.columns[column] = value
        last["names"].add(name)
        for row, reward in zip(last["rows"], rewards):
            row.rewards[name] = reward

    def _gathered(self, count):
        """The rows that are new in the trainer's own log (TRL keeps the last generation batch there); None without it."""
        logs = getattr(self._trainer, "_logs", None) or getattr(self._trainer, "_textual_logs", None)
        if not isinstance(logs, dict) or not {"prompt", "completion", "rewards", "advantages"} <= logs.keys():
            return None
        prompts, completions, advantages = list(logs["prompt"]), list(logs["completion"]), list(logs["advantages"])
        if not len(prompts) == len(completions) == len(advantages):
            return None
        rows = [_Row(prompt, completion) for prompt, completion in zip(prompts, completions)]
        for row, advantage in zip(rows, advantages):
            row.advantage = advantage
        extra = logs.get("extra")
        for kind, columns in (("rewards", logs["rewards"]), ("columns", extra if isinstance(extra, dict) else {})):
            for name, values in columns.items():
                # A column that is shorter belongs to the newest rows.
                for row, value in zip(rows[len(rows) - len(values):], values):
                    getattr(row, kind)[name] = value
        keys = [(row.prompt, row.completion, row.advantage) for row in rows]
        if count == 0:
            # No function told how many are new: the most that can be what was there before, is.
            most = min(len(keys), len(self._seen))
            count = len(rows) - next((n for n in range(most, 0, -1) if self._seen[-n:] == keys[:n]), 0)
        self._seen = keys
        return rows[max(0, len(rows) - count):]

    @_carefully
    def _flush(self, args, step, phase):
        batches, self._batch = self._batch, []
        if not self._is_writing() or self._traces_every <= 0:
            return
        local = [row for batch in batches for row in batch["rows"]]
        rows = self._gathered(len(local) * getattr(args, "world_size", 1))
        if rows is None:
            rows = local
        else:
            known = {(row.prompt, row.completion): row for row in local}
            for row in rows:
                mine = known.get((row.prompt, row.completion))
                if mine is not None:
                    row.ids, row.columns = mine.ids, {**mine.columns, **row.columns}
        if rows and (phase == "eval" or step % self._traces_every == 0):
            self._say(args, rows, step, phase)

    def _say(self, args, rows, step, phase):
        size = getattr(args, "num_generations", None) or 0
        if phase == "eval":
            size = getattr(args, "num_generations_eval", None) or size
        weights = getattr(args, "reward_weights", None)
        key, group = self._group
        group, sample, before = (group if key == (step, phase) else 0) - 1, 0, None
        for row in rows:
            sample += 1
            if row.prompt != before or (size and sample >= size):
                group, sample, before = group + 1, 0, row.prompt
            self.run.trace(row.prompt, row.completion, step=step, phase=phase, group=group, sample=sample, task="trl",
                           **self._judged(row, weights), **self._length(args, row))
        self._group = ((step, phase), group + 1)

    def _judged(self, row, weights):
        # None and NaN: the function has nothing to say of this completion.
        said = {name: float(value) for name, value in row.rewards.items() if value is not None and value == value}
        names = list(row.rewards)
        if weights is None or len(weights) != len(names):
            weights = [1.0] * len(names)
        reward = sum(said[name] * float(weight) for name, weight in zip(names, weights) if name in said) if said else None
        accuracy = next((said[name] for name in said if _says_correct(name)), reward)
        texts = {member: next((str(row.columns[name]) for name in names if row.columns.get(name) is not None), "")
                 for member, names in (("gold", GOLD), ("extracted", EXTRACTED))}
        return {"rewards": said, "reward": reward, "advantage": row.advantage, "correct": bool(accuracy and accuracy > 0),
                **texts}

    def _length(self, args, row):
        if row.ids is None:
            return {}
        limit = getattr(args, "max_completion_length", None)
        cut = bool(limit) and len(row.ids) >= limit and (self._eos is None or int(row.ids[-1]) != self._eos)
        return {"num_tokens": len(row.ids), "finish": "length" if cut else "stop"}

    # What the trainer says ------------------------------------------------------------------------------------------------

    def _is_writing(self):
        return self.run._mode == "live"

    @_carefully
    def _begin(self, args, state, model):
        if not getattr(state, "is_world_process_zero", True):
            return
        run = self.run
        if run._mode != "off":  # begun by the script, or by an earlier train()
            if run._rewind_from is not None:
                run.rewind(state.global_step if state.global_step > 0 else -1)
            elif run._current_step > state.global_step:
                run.message(f"another training begins in this run, at step {state.global_step}", "warning")
            return
        config = {"trainer": type(self._trainer).__name__} if self._trainer is not None else {}
        config["model"] = getattr(getattr(model, "config", None), "_name_or_path", "") or ""
        config["arguments"] = {name: value for name, value in args.to_dict().items() if not name.endswith("_token")}
        settings = {"config": config, "recipe": "trl" if type(args).__module__.startswith("trl.") else "transformers",
                    "total_steps": max(state.max_steps, 0), "from_step": state.global_step, "rank": 0, **self._init}
        if not settings["name"]:
            settings["name"] = getattr(args, "run_name", None) or os.path.basename(os.path.normpath(args.output_dir or "run"))
        retort_log.init(**settings)

    def on_train_begin(self, args, state, control, model=None, processing_class=None, **_):
        self._eos = getattr(processing_class, "eos_token_id", None)
        self._began, self._first_step, self._last_status = time.monotonic(), state.global_step, 0.0
        self._begin(args, state, model)
        self.run.status("training", state.global_step, max(state.max_steps, 0))

    @_carefully
    def _log(self, state, logs):
        logs = dict(logs)
        tokens = logs.get("num_tokens") or getattr(state, "num_input_tokens_seen", 0) or None
        if tokens is not None:
            if self._tokens_before is None:  # TRL counts from nothing when it resumes
                self._tokens_before = self.run._tokens if tokens < self.run._tokens else 0
            tokens = int(tokens) + self._tokens_before
        values = {}
        for name, value in logs.items():
            name = RENAMED.get(name, name)
            if re.fullmatch(r"rewards/[^/]+", name) and "reward" in logs:
                name += "/mean"  # GRPO before TRL 0.17; DPO's rewards/chosen has no "reward" beside it
            if isinstance(value, (int, float)) or hasattr(value, "item"):
                values[name] = value
        self.run.log(values, step=state.global_step, tokens=tokens)

    def on_log(self, args, state, control, logs=None, **_):
        if logs:
            self._log(state, logs)

    @_carefully
    def _evaluated(self, state, metrics):
        # "eval_loss", or "eval_<set>_loss" where there are several sets; the run time is always among them.
        prefix = next((name[:-len("_runtime")] for name in metrics if name.endswith("_runtime")), "eval")
        set_name = prefix[len("eval_"):] if prefix.startswith("eval_") else prefix
        values = {name[len(prefix) + 1:]: value for name, value in metrics.items() if name.startswith(prefix + "_")}
        values = {name: value for name, value in values.items() if name not in OF_THE_MACHINE}
        self.run.evaluation(set_name, values, step=state.global_step)

    def on_evaluate(self, args, state, control, metrics=None, **_):
        if metrics:
            self._evaluated(state, metrics)

    def on_prediction_step(self, args, state, control, **_):
        self._flush(args, state.global_step, "eval")

    def on_substep_end(self, args, state, control, **_):
        self._flush(args, state.global_step + 1, "train")

    def on_step_end(self, args, state, control, **_):
        self._flush(args, state.global_step, "train")
        self._say_status(state)
        if state.global_step % self._requests_every != 0:
            return control
        stop, checkpoint = self._requests(args)
        if stop:
            self._stopped = control.should_training_stop = True
            # What was reached is kept; a trainer that saves nothing at all is left at that.
            control.should_save = control.should_save or _saves(args)
        if checkpoint:
            control.should_save = True
        return control

    def on_save(self, args, state, control, **_):
        self.run.checkpoint(os.path.join(args.output_dir, f"checkpoint-{state.global_step}"), state.global_step)

    def on_train_end(self, args, state, control, **_):
        self._flush(args, state.global_step, "train")
        # The script may go on to evaluate and save: its end is the run's.
        if self._stopped:
            self.run.end_as("stopped")
        self.run.status("trained", state.global_step)
        self.run.sync()

    @_carefully
    def _say_status(self, state):
        now, left = time.monotonic(), None
        if now - self._last_status < STATUS_SECONDS:
            return
        self._last_status = now
        done = state.global_step - self._first_step
        if done > 0 and state.max_steps > 0:
            left = (now - self._began) / done * (state.max_steps - state.global_step)
        self.run.status("training", state.global_step, max(state.max_steps, 0), left)

    def _requests(self, args):
        """(stop, checkpoint): what the lab asks for; returns when no pause is asked for."""
        began, paused = time.monotonic(), False
        while True:
            run = self.run
            asked = self._agreed(args, [run.should_stop(), run.should_checkpoint(), run.should_pause()])
            if asked[0] or not asked[2]:
                break
            if not paused:
                run.status("paused")
            paused = True
            time.sleep(0.5)
        if paused:
            self._began += time.monotonic() - began
            if not asked[0]:
                self.run.status("training")
        return asked[0], asked[1]

    def _agreed(self, args, asked):
        """What the first process was asked, in all of them at the same step: else some would train on and wait for the others
        for ever. While paused they talk on, so that no collective times out."""
        if getattr(args, "world_size", 1) <= 1:
            return asked
        try:
            import torch

            if torch.distributed.is_available() and torch.distributed.is_initialized():
                flags = torch.tensor([int(flag) for flag in asked], device=args.device)
                torch.distributed.broadcast(flags, src=0)
                return [bool(flag) for flag in flags.tolist()]
        except Exception as error:
            self.run._tell(f"requests are not obeyed: {retort_log._said(error)}", "trl requests")
        return [False, False, False]


def _saves(args):
    strategy = getattr(args, "save_strategy", "no")
    return str(getattr(strategy, "value", strategy)) != "no"
