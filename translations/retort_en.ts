<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_GB">
<context>
    <name>BenchMeasure</name>
    <message>
        <source>mean accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>accuracy: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mean length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>length: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mean loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>loss: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ComparisonTables</name>
    <message>
        <source>%1: p = %2 before the correction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No difference is shown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Better than the baseline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Worse than the baseline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2 digits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2 operations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2 numbers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: never solved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: solved by up to 25 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: solved by 25 to 50 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: solved by 50 to 75 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: solved by 75 % and more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: always solved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 was not evaluated.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 was not evaluated on %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is left out: it was evaluated on another set of problems of %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is left out: not all were evaluated on it with one set of problems.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 was evaluated more than once on %2; the newest counts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 has another number of samples a problem than the baseline.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 problems of %2 are left out: not every checkpoint has answered them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no set of problems that these checkpoints have in common.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Role</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>95 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Δ points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>95 % of Δ</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>p (Holm)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Won</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Δ tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Intervals and tests are by problem: several samples of one are not independent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wilson&apos;s interval</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy minus the baseline&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paired bootstrap over problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Corrected for the number of comparisons in this table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>▲ better, ▼ worse; * under 0.05, ** 0.01, *** 0.001 after the correction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problems that only the baseline solves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problems that only this one solves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean length of the answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>McNemar&apos;s exact test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paired t test, clustered by problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>baseline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>parent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problems of</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Student&apos;s t of the paired differences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Corrected for all comparisons of this table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>p</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Normalised accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Synergy, points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Best parent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forgotten, points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean over the tasks of its accuracy / that of the parent that is best at the task</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy minus that of the best parent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Student&apos;s t over problems; the best parent was chosen on the same problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean over the tasks of the baseline&apos;s accuracy minus its own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ECE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Brier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expected calibration error, ten bins of equal width</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mean token probability of the answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>agreement among samples</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cosine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Relative L2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changed %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cosine of moves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move of A</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move of B</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signs differ %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest singular</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stable rank</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Effective rank</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rows paired by token: the tokenizers number them differently</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 elements are no finite numbers and left out</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ConflictModel</name>
    <message>
        <source>outside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>layer %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cosine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sign conflicts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>norm of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 against %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>module</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Format</name>
    <message>
        <source>%1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Lineage</name>
    <message>
        <source>trained from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>distilled from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>merged from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>adapter of</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>same run, later</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>grown from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>judged by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 · no checkpoint yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 · step %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 merge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>adapter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>on a hub</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no longer there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · weight %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · base</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LineagePicture</name>
    <message>
        <source>+%1 ▸</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>QTableView</name>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Could not write %1: %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Schema</name>
    <message>
        <source>Next-token training on whole texts, prompts included.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the run is called in lists and charts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The study that it belongs to; empty: none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Words to find it by.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seed of everything random: the same seed gives the same run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checkpoint to start from: a folder, &quot;run:&lt;name or id&gt;[@step]&quot;, or &quot;@stage&quot; in a study; empty: a new model of the shape below.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Width of the residual stream.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of decoder layers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Query heads a layer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key/value heads; fewer than query heads: grouped-query attention.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Width of a head; 0: hidden_size / num_attention_heads.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Width of the SwiGLU layer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rotary, learned absolute, or no positions (NoPE).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Base of the rotary frequencies.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest sequence, prompt and completion together.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bias on queries, keys and values, as in Qwen2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>RMSNorm on queries and keys, as in Qwen3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Input and output embeddings share their weights.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Added under the root in RMSNorm.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Standard deviation of the initial weights.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One token a character, or byte-pair encoding.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tokenizer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Byte-pair encoding: vocabulary to train to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Generated reasoning tasks, mixed by weight.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sums of natural numbers, plain or reversed, with or without the columns written out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label in metrics; empty: the task&apos;s kind.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share in the mixture, relative to the others.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of the training examples whose completion shows its working.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fewest digits of the longest operand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most digits of the longest operand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Numbers to add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All operands have the same number of digits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How numbers are written: reversed puts the least significant digit first, scratchpad shows the working digit by digit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the reversed formats, write the operands least significant digit first as well</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Products of two natural numbers, plain or reversed, with or without long multiplication</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fewest digits of the longer operand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most digits of the longer operand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Both operands have the same number of digits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parenthesised arithmetic expressions, worked one operation at a time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Least nesting: operations on the longest path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most nesting: operations on the longest path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most operations in an expression</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Results are taken modulo this number; 0: ordinary integers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest number in an expression over the integers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Operations to draw from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chains of modular operations, worked from left to right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Results are taken modulo this number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fewest operations in a chain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most operations in a chain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reach a target with each of the given numbers exactly once; verified by exact arithmetic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fewest numbers given</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most numbers given</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest number given</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest target, and largest number on the way to it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Propositional formulas, worked one operation at a time; half of them are true</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Negate some operands with !</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lists of digits, sorted by taking the smallest again and again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fewest digits in a list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most digits in a list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your own examples, as JSONL.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A JSONL file of your own, one example a line.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file; relative to the configuration&apos;s folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key of the prompt; empty: recognised (prompt, problem, question …).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key of the completion; empty: recognised (completion, solution …).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key of the reference answer; empty: recognised (answer …).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of the rows kept for evaluation, chosen by a hash of the prompt.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writes messages by the start checkpoint&apos;s chat template: auto (where it has one), always (plain prompts become a user&apos;s message) or none (User: … Assistant: …).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How an answer is compared with the reference: math (1/2, 0.5 and \frac{1}{2} are the same; see retort-cli verify-answers) or exact (the same text or number).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Optimizer steps.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sequences an accumulation step.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sequences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longer examples are dropped, and counted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Batches whose gradients are summed for an optimizer step.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Peak learning rate of AdamW.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Optimisation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Course of the learning rate after the warm-up; wsd: constant, then a decay at the end.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps in which the learning rate rises from 0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Final learning rate as a share of the peak.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>wsd: share of the steps that decays at the end.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Decoupled weight decay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AdamW&apos;s first moment decay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AdamW&apos;s second moment decay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AdamW&apos;s epsilon.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gradients are clipped to this norm; 0: never.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>auto: bf16 mixed precision where a short measurement at the start shows that it is faster.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Machine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threads of the trainer; 0: chosen by the machine&apos;s load.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>LoRA</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rank of a low-rank adapter that is trained instead of the weights; 0: the weights are trained.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The adapter is scaled by alpha / r.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dropout before the adapter, in training only; above 0 the slower forward pass is used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Projections that get an adapter: q_proj, down_proj …; all-linear: every one in the layers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scales by alpha / sqrt(r): rank-stabilised LoRA.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of a PEFT adapter to go on with, whose rank and modules then hold; empty: a new one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>auto: the GPU where there is one and LibTorch can use it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Computes layers again in the backward pass instead of keeping them: less memory, a third more time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weights that completions are sampled with; bf16: half the memory, not quite the trained policy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>threads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Metrics are logged every n-th step.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Logging and checkpoints</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A checkpoint every n-th step; 0: at the end only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Older checkpoints are removed beyond this number; 0: all are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Evaluates on held-out problems every n-th step; 0: at the end only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Evaluation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Held-out problems a task.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Completions a problem.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sampling temperature; 0: greedy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The k of pass@k, by the unbiased estimator.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest completion.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Traces kept of each task and evaluation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeps each token&apos;s log-probability and entropy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Traces</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Supervised fine-tuning: learns the completions of examples.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The prompt&apos;s tokens bear no loss.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reinforcement learning with verifiable rewards: groups of completions, judged and compared.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parts into which a step&apos;s completions are split to need less memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompts a step.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GRPO</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>prompts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Completions a prompt: the group in which rewards are compared.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Optimizer passes over each step&apos;s completions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sampling temperature.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nucleus sampling; 1: off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Samples from the k likeliest tokens; 0: from all.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Terms of the reward, summed by weight; empty: correctness alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 when the answer is right, else 0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Factor of this term; negative punishes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 when the completion is well formed: a bare answer, or one closed think region and an answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 when the completion shows its working.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of the reasoning steps that the task&apos;s checker finds right.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Soft overlong punishment (DAPO): 0 up to max_length - cache, falling to -1 at max_length and beyond.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Length from which the punishment is whole.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Length of the stretch before max_length in which it grows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Advantages are divided by the standard deviation of the group, of the batch, or not.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lower clip range of the probability ratio.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upper clip range; above epsilon: clip-higher (DAPO).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight of the KL to the start policy; 0: no reference is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Estimator of the KL.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Completions that were cut off bear no loss.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refuses a start policy that succeeds less often than this: it would collapse, not learn.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeps rollouts of every n-th step.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many prompts&apos; groups of such a step; 0: none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cross entropy, the same weighted by the token&apos;s probability (DFT), or pass@N of the completion (DCO).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>dco: samples of which one is to be right.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of the completion&apos;s tokens that are masked in the input, while all are learned (MFT).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps in which this share rises from 0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Supervised fine-tuning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checkpoint to learn from; its tokenizer must be the student&apos;s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight of the teacher; what is left to 1 is that of the cross entropy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>0: KL(teacher, student), 1: KL(student, teacher), between: generalised Jensen-Shannon.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Temperature of both distributions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The distance is multiplied by the temperature&apos;s square, so that gradients keep their size.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The teacher&apos;s k likeliest tokens, and one number for the rest; 0: its whole distribution.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeps the top_k in this folder (relative: in the run&apos;s), to be read again instead of computed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Distillation samples</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of the steps that learn from the student&apos;s own samples: on-policy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The teacher&apos;s samples take the place of the examples&apos; completions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The teacher&apos;s samples of a prompt.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which of the teacher&apos;s samples are learned: all, those that are right, the shortest right one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Distillation selection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of the examples that is kept; needs tasks with a number of examples.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which are kept: a random choice, those of the highest loss, of the highest error norm, or those most often forgotten.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A copy of the student learns from all examples for so long before they are scored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Solutions that beam search keeps after each step, those that the verifier rates highest; 0: no search.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next steps that beam search samples for each solution that it keeps.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>error_injection: share of the pairs that are right and wrong samples of the policy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>first_bad_step: a step is bad by the task&apos;s checker, or because completions from its end succeed less often.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>monte_carlo: completions from the end of each step.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>monte_carlo: the bad step is the first that lowers the rate of success by as much.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of an earlier run: the fixed prompts are those whose rewards varied most over its steps; empty: by number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>-1 when more than max_share of the characters are ones that no answer to the prompt needs: control and undefined characters, broken UTF-8, letters of a script that the prompt does not use (#80).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of such characters that goes unpunished.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of the tokens that bears loss: those at which the student is farthest behind the reference.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checkpoint of the student&apos;s kind, distilled before on all tokens, for token_share below 1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Teacher hacking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checkpoint that the teacher learned from: the distance to it is the one that counts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Distances to teacher and oracle are measured every n-th step; 0: never.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Held-out prompts on which they are measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Distillation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Distillation: learns a teacher&apos;s distribution, token by token.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A file; a worked example and its copy with one error; right and wrong samples of the policy; its first wrong step and the right one; its shortest right answer and a longer or wrong one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSONL of prompt, completion, label, or of prompt, chosen, rejected.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSONL of prompt, chosen, rejected.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The policy is sampled for new pairs every n-th step; 1: on-policy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompts that are sampled for each round of pairs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Completions a prompt.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Losses that are added up; sft: the cross entropy of the chosen completions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight of each loss; empty: 1 each.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How closely the policy is held to the reference.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of pairs that are taken to be the wrong way round (robust, exo_pair, aot).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Temperature of discopop.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The reference&apos;s log-probabilities of a file&apos;s pairs are computed once, at the start.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The reference follows the policy (TR-DPO; with mixup 1, iterative DPO).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of the policy in the reference at each synchronisation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps from one synchronisation to the next.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scale of the length-normalised rewards.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Margin by which the chosen reward is to lead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight of the cross entropy of the chosen completions; above 0: CPO-SimPO.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of pairs that are taken to be the wrong way round.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight of the odds ratio beside the cross entropy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Values are measured from the policy&apos;s KL, or from 0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight of the good completions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight of the bad completions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight of the chosen completions&apos; mean log-probability.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight of the rejected ones&apos;; 1 is symmetric and unstable.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DPO</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SimPO</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ORPO</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>KTO</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>REDI</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Direct preference optimisation: pairs, against a frozen reference.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SimPO: pairs by their mean log-probability, without a reference.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ORPO: cross entropy and an odds ratio at once, without a reference.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>KTO: single completions that are good or bad, against a frozen reference.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>REDI&apos;s second stage: likelier right traces, less likely wrong ones.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pairs an accumulation step.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pairs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompts of each round of pairs whose samples are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Different training problems; 0: as many as there are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Right answers earn more when short, wrong ones lose less when long, along half a cosine (#100).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Length at which the cosine ends.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of wrong answers of length 0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of wrong answers of max_length.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of right answers of max_length.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of right answers of length 0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of completions that were cut off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>0.5 for the shortest of the group down to -0.5 for the longest; wrong answers never earn (#110).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step before which the term is 0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Needs no labels (#36): 1 when well formed, plus a length term that is largest at a share of max_length.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Length at which the length term is -1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of max_length at which the length term is 1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>max_penalty times the share of n-grams of tokens that came before.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tokens of an n-gram.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When nothing but repetition is left.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>per_step for each different step beyond the free ones, up to the cap, right or wrong (#61).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For each step.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Different steps that earn nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The most that it can add.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A trained reward model&apos;s word on the whole completion.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its checkpoint (recipe reward_model).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A process reward model&apos;s words on the steps, bounded against empty steps (#92).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its checkpoint (recipe prm).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>clip: min(q - eta, 0), so that no step earns; delta: q less the next one&apos;s, so that they do not add up.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>clip: probability from which a step costs nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trains on this many prompts again and again (1: one-shot RLVR); 0: on all.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of the first of the fixed prompts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refuses whatever would train on completions of an older policy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest completion in each of several stages of equal length; empty: max_completion_length throughout.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rewards against their group (grpo), its other members (rloo), or the whole batch (REINFORCE++).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whether terms are summed before they are normalised, or each by itself first (GDPO).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The token loss, and how it is averaged: by sequence, by the fixed length, or over all tokens.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Probability ratios of tokens, or of whole completions (GSPO).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upper bound of the ratio where the advantage is negative, above 1 + epsilon_high; 0: none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sapo: sharpness of the gate for positive advantages.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sapo: sharpness of the gate for negative advantages.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leaves out bad completions that the policy has moved away from by more than this; 0: none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of the tokens, those with the highest entropy, that bear the policy loss.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Entropy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight of the entropy bonus.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steers the weight of the bonus so that the entropy stays near its target.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lowest adaptive weight.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Highest adaptive weight.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change of the adaptive weight at each step.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Entropy of a token under which the bonus is applied and raised.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Estimator of the KL; with +, its gradient is that of k2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Multiplies the KL by the probability ratio.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steers beta so that the KL of a token comes near this; 0: beta stays.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Completions over which the steering acts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The reference follows the policy (a moving anchor).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of the policy in the reference at each synchronisation; 1: all of it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps between synchronisations.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dynamic sampling</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dynamic sampling (DAPO): groups that teach nothing are replaced by others.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A group is kept when its rewards differ, or when its accuracy lies in the range below.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lowest accuracy of a kept group; 0 is never kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Highest accuracy of a kept group; 1 is never kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Batches of prompts sampled for one step, at most.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Teacher</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mixes in supervised steps on worked examples (SASR), the fewer the higher this is; 0: none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checkpoint of a teacher of the same vocabulary whose KL is added to the loss (KDRL); empty: none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight of the KL to the teacher at the first step.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>… and at the last step; it changes evenly.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Estimator of the KL to the teacher; the gradient of k2 is that of the reverse KL.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The teacher teaches all completions, the wrong ones, or groups without a right one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reinforcement learning with a learned value of each state, and the KL in the reward.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passes over each step&apos;s completions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Optimizer steps of a pass.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clip range of the probability ratio.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight of the KL to the start policy in the reward; 0: no reference is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steers kl_coef so that the KL of a token comes near this; 0: kl_coef stays.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scales the tokens&apos; rewards to variance 1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Taken from the score of completions that were cut off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Discount of later rewards, a token.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GAE&apos;s λ: 0 trusts the values, 1 the rewards.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight of the value loss.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Values move at most this far from the old ones within a step.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reward model to start the values from; empty: the policy&apos;s weights and a new head.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Peak learning rate of the values; 0: that of the policy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First steps, in which only the values learn.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PPO</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A process reward model: how likely each step of a solution is right.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Process reward model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The start policy&apos;s completions, judged by the task&apos;s step checker; or a file in TRL&apos;s stepwise format.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSONL with prompt, completions and labels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Follows each step of the file; its last token bears the step&apos;s label.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verdicts on steps at their ends, or the outcome at every token (an outcome value model).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only the last label of each solution is learnt.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompts to sample from.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The k of maj@k: the answer that most of k completions give.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The N of best-of-N: the verifier&apos;s choice among N completions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checkpoint of a reward model or process reward model that chooses; empty: none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A process reward model&apos;s word on a completion: its worst step, its last step, or the product.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resamples of the problems behind the intervals of several completions a problem.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A reward model (Bradley-Terry), trained on pairs of a better and a worse completion.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reward model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight of the squared sum of a pair&apos;s rewards, which centres them at 0; 0: none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Puts held-out problems to a checkpoint, and trains nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checkpoint to evaluate: a folder, &quot;run:&lt;name or id&gt;[@step]&quot;, or &quot;@stage&quot; in a study.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is merged and how, in mergekit&apos;s YAML; its models are folders, &quot;run:&lt;name or id&gt;[@step]&quot;, or &quot;@stage&quot; in a study.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the models&apos; weights are found; none: as the recipe has them. The others want a base model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What has a weight of its own: each model, or each layer of each model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Merges that the search tries; adamerging: steps of its optimizer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Examples of each task that merges are tried on; held-out problems are never among them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What adamerging lowers: cross entropy, or the entropy of its own predictions, which needs no answers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>adamerging: each weight&apos;s first value.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>adamerging: learning rate of the weights.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Merges checkpoints in weight space, and trains nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Merge</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Templates</name>
    <message>
        <source>New: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quickstart: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TraceText</name>
    <message>
        <source>answer: %1 %2, reference: %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reward: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::Alarm</name>
    <message>
        <source>%1 is not a number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is infinite</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>gradient norm %1, its median over the last 50 steps is %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>gradient norm %1, its median over the 50 steps before was %2, and training has not recovered in 20 steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>entropy %1, and in %2 % of the groups all completions get the same reward: nothing is left to learn from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mean length %1 tokens, 20 steps ago %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mean length %1 tokens, it has been %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mean length %1 tokens, 20 steps ago %2, and the answers are no better for it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 % of the completions are cut at the length limit: raise max_completion_length, or look whether they still end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reward fell from %1 to %2 and is %3 now: read traces, it may have found a trick</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 rises (%2 to %3) while correctness falls (%4 to %5): the reward is being gamed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>largest logit %1, 50 steps ago %2: the output layer is blowing up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the chosen completions&apos; log-probability fell from %1 to %2, together with the rejected ones&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Warning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::AlarmStrip</name>
    <message>
        <source>Alarms of the selected runs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the alarm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Live</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1  ·  %2, step %3:  %4</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::AnswerDiff</name>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2 samples right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No text of this answer was kept. (evaluation.traces says of how many.)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answers side by side</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::BenchMeasuring</name>
    <message numerus="yes">
        <source>Measuring a row of %n point(s)…</source>
        <translation>
            <numerusform>Measuring a row of %n point…</numerusform>
            <numerusform>Measuring a row of %n points…</numerusform>
        </translation>
    </message>
    <message>
        <source>Reading the models…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Taking a first look…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::ChartCard</name>
    <message>
        <source>Logarithmic scale: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Maximise: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy or save: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy all points as CSV</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save all points as CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as PNG…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as SVG…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to all charts</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::ChartGrid</name>
    <message>
        <source>Charts</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::CheckpointChooser</name>
    <message numerus="yes">
        <source>%n chosen; Ctrl and Shift choose several</source>
        <translation>
            <numerusform>%n chosen; Ctrl and Shift choose several</numerusform>
            <numerusform>%n chosen; Ctrl and Shift choose several</numerusform>
        </translation>
    </message>
    <message>
        <source>Add checkpoints</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Evaluated on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search run or evaluation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search checkpoints</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checkpoints that were evaluated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing has been evaluated yet.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::CheckpointModel</name>
    <message>
        <source>%1 (last)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::CheckpointPicker</name>
    <message>
        <source>Add checkpoints to the merge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search by the run&apos;s name or recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checkpoints</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type a command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Matching commands</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::CompareDialog</name>
    <message numerus="yes">
        <source>Compare %n run(s)</source>
        <translation>
            <numerusform>Compare %n run</numerusform>
            <numerusform>Compare %n runs</numerusform>
        </translation>
    </message>
    <message>
        <source>Parameter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parameters that differ</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Metric</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last metrics</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Parameters that differ (%1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The configurations are equal.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last &amp;metrics</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Export CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the comparison</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Could not write %1: %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::ComparePage</name>
    <message numerus="yes">
        <source>%n problem(s): </source>
        <translation>
            <numerusform>%n problem: </numerusform>
            <numerusform>%n problems: </numerusform>
        </translation>
    </message>
    <message>
        <source>All they have in common</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (%2, set %3)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When this comparison was saved it rested on other problems (set %1): it was measured anew since.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a second checkpoint to compare this one with.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No problem is like this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ideal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No answers with token probabilities, and no several samples, were kept of these evaluations.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of the answers whose texts were kept, by ten bins of equal width. Confidence: the geometric mean of the answer&apos;s token probabilities, or the share of the problem&apos;s samples that agree.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the comparison</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is saved yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSON files (*.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checkpoints</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What to know about this comparison</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details of the comparison</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tasks and difficulty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lengths</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Add checkpoints…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Those selected in &amp;Runs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Evaluation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comparisons that were saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set as &amp;baseline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mark as &amp;parent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Others are then rated as merges of the parents: normalised accuracy, synergy, forgetting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Remove from the comparison</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Export the comparison as JSON…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Find problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search problem or task</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy all problems as a table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save all problems as CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By task</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By difficulty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Groups of problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Merges against their parents</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Merges against the checkpoints marked as parents</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>p values are corrected for all comparisons of this table.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the problems&apos; ids do not say how hard they are, the level is the mean pass rate over the compared checkpoints: it sorts noise in, too, so read the ends of the scale with care.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The level is what the problems&apos; ids say. p values are corrected for all comparisons of this table.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean tokens an answer; differences are paired by problem, intervals are Student&apos;s t.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of the problems answered within a length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chart of lengths</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy by mean token probability of the answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>confidence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reliability chart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to compare yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checkpoints are compared by what they answered to the same held-out problems. No run has been evaluated so far: runs evaluate while they train, and a run of the recipe evaluate does it for any checkpoint.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run the quickstart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Design a run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which checkpoints?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose two or more: steps of one run, or of several. Each is set against a baseline, with intervals and tests, problem by problem.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose checkpoints</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Those selected in Runs</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::ComparisonItemModel</name>
    <message>
        <source>%1 of %2 right, %3 tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Task</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::ConflictModel</name>
    <message>
        <source>Layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>elements</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::ConflictView</name>
    <message>
        <source>&amp;Compare task vectors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What each model learned since the base, against what the others learned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of the comparison</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ca&amp;ncel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cosine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign conflicts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Norm of the first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Norm of the second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Conflicts by layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This program was built without the comparison of weights.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the weights…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compares what each model has learned since the base: where their task vectors point the same way, merging is safe; where they are opposed, one costs the other.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::DesignPage</name>
    <message numerus="yes">
        <source>%n problem(s) to solve first</source>
        <translation>
            <numerusform>%n problem to solve first</numerusform>
            <numerusform>%n problems to solve first</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n sequence(s) a step</source>
        <translation>
            <numerusform>%n sequence a step</numerusform>
            <numerusform>%n sequences a step</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find a parameter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The text beside cannot be read as YAML. The form waits until it can.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Design</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Launch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open YAML…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save YAML…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Find a parameter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Templates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>line %1: </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 M parameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>at most %1 M tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a configuration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>YAML files (*.yaml *.yml)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the configuration</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::Duration</name>
    <message>
        <source>%1 s</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::FlipTable</name>
    <message>
        <source>Problems by who solves them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 ✓</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 ✗</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>both solve</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>won</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>neither solves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Both solve these</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only %1 solves these</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Neither solves these</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click to list them below; again for all</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::HeatMapView</name>
    <message>
        <source>Heat map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Heat map: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: nothing there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no picture could be made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as CSV, PNG or SVG…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the heat map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSV (*.csv);;PNG (*.png);;SVG (*.svg)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::InProcessBackend</name>
    <message>
        <source>The trainer failed without a message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The trainer failed with an unknown exception</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In this program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For short runs: ends when the window is closed, one at a time</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::KeepDialog</name>
    <message>
        <source>Keep this merge as a checkpoint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A run merges the models in full, writes the checkpoint, and evaluates it on the ticked tasks. It appears in Runs like any other.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Runs in</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::Lab</name>
    <message>
        <source>The study &apos;%1&apos; is still going.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::LaunchBar</name>
    <message numerus="yes">
        <source>&amp;Launch %n run(s)</source>
        <translation>
            <numerusform>&amp;Launch %n run</numerusform>
            <numerusform>&amp;Launch %n runs</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>R&amp;uns in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Launches this many runs that differ in their seed alone: seed, seed + 1 …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See&amp;ds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>So many runs go at the same time; the others wait in the queue for their turn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>at &amp;once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Launch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Launch  (Ctrl+Return)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Launching…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::LayerMap</name>
    <message numerus="yes">
        <source>%n tensor(s)</source>
        <translation>
            <numerusform>%n tensor</numerusform>
            <numerusform>%n tensors</numerusform>
        </translation>
    </message>
    <message>
        <source>relative L2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cosine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>share changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sign conflicts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layer map: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lightest %1, darkest %2; columns are blocks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>block</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>module</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>value</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::LayerView</name>
    <message>
        <source>Coefficient</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The recipe gives no tensor a coefficient.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::LineageDetails</name>
    <message>
        <source>Details of the checkpoint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open its run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shows the run in Runs (Enter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compute &amp;hash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reads the weights once; equal hashes are equal weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy &amp;path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Path of the checkpoint&apos;s folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show &amp;folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opens the folder in the file manager</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Co&amp;mpare…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This checkpoint with the one that is marked beside it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mer&amp;ge…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opens the merge bench with the marked checkpoints</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select a checkpoint to see where it came from. With a second one (Ctrl and click, or M), what differs between the two is listed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hash is known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Study</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Known from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Earlier checkpoints</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parents</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Children</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hashing…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::LineageDifferencePanel</name>
    <message>
        <source>The way between the two checkpoints</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What differs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Export CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mark a second checkpoint: Ctrl and click, or M on the keyboard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading both checkpoints…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 and %2 are not related by anything that is recorded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No common ancestor is known.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Common ancestor: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing that is recorded differs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the differences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Could not write %1: %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::LineageLegend</name>
    <message>
        <source>Kinds of edges: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::LineagePage</name>
    <message numerus="yes">
        <source>%n checkpoint(s)</source>
        <translation>
            <numerusform>%n checkpoint</numerusform>
            <numerusform>%n checkpoints</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>%n found</numerusform>
            <numerusform>%n found</numerusform>
        </translation>
    </message>
    <message>
        <source>Could not write %1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lineage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Find checkpoints</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the graph</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next hit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous hit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit the whole graph</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Actual size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mark to compare with the next one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fold or unfold what came from it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fold or unfold the chain behind it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fold all chains</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unfold everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a checkpoint&apos;s folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy its path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show its folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open its run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the graph</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export as &amp;PNG…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export as &amp;SVG…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export as &amp;DOT (Graphviz)…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export as &amp;CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Could not write %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The graph is too large for a PNG; export it as SVG.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search name, recipe, method, study, path, hash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search checkpoints</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is wrong with the records</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details of the checkpoint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What differs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No checkpoints yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every checkpoint that a run saves appears here, joined to what it was trained, distilled or merged from. Checkpoints that were made elsewhere join by dropping their folder on this page; mergekit&apos;s and Retort&apos;s own records in it are read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run the quickstart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add the folder of a checkpoint</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::LineageView</name>
    <message>
        <source>Lineage of the checkpoints</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, accuracy %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::LivePage</name>
    <message>
        <source>No run is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select runs in Runs to see their curves here, or start the quickstart study: a small model learns a reasoning task in a few minutes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start the quickstart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Design a run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No values yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The curves appear as soon as the run writes its first step.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter metrics</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter metrics by name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;X axis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>X axis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>S&amp;moothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Debiased exponential moving average over all points; the raw line stays behind it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log scale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Logarithmic scale in all charts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Live</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>X axis: step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>X axis: tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>X axis: time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No smoothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to all charts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first %1 of %2 selected runs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save all points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SVG pictures (*.svg)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PNG pictures (*.png)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the picture</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::LocalProcessBackend</name>
    <message>
        <source>Local process</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Goes on when the window is closed; the default</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::MainWindow</name>
    <message numerus="yes">
        <source>%n runs are going</source>
        <translation>
            <numerusform>%n run is going</numerusform>
            <numerusform>%n runs are going</numerusform>
        </translation>
    </message>
    <message>
        <source>Runs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Design</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Live</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Traces</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lineage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Merge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start the &amp;quickstart study</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Back up the store…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Stop after this step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Pause or go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save a &amp;checkpoint now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Kill its process</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to Runs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to Design</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to Live</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to Traces</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to Lineage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to Compare</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to Merge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theme: as the &amp;system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theme: &amp;light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theme: &amp;dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language: as the &amp;system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Command palette…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;About Retort…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Store: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of the running runs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No run is going</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Running: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting the quickstart study…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select a run first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back up the store</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stores (*.db)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About Retort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&lt;h3&gt;Retort %1&lt;/h3&gt;&lt;p&gt;A native lab for post-training small reasoning models.&lt;/p&gt;&lt;p&gt;Free software under the GNU General Public License, version 3 or later. It comes with no warranty.&lt;/p&gt;&lt;p&gt;Made with Qt %2 and SQLite; training with LibTorch, which is loaded at the first launch.&lt;/p&gt;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only checkpoints of runs in this store can be compared.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::MergePage</name>
    <message numerus="yes">
        <source>%1 wants at least %n model(s), the base not counted.</source>
        <translation>
            <numerusform>%1 wants at least %n model, the base not counted.</numerusform>
            <numerusform>%1 wants at least %n models, the base not counted.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 takes at most %n model(s), the base not counted.</source>
        <translation>
            <numerusform>%1 takes at most %n model, the base not counted.</numerusform>
            <numerusform>%1 takes at most %n models, the base not counted.</numerusform>
        </translation>
    </message>
    <message>
        <source>Open a merge recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>YAML files (*.yml *.yaml)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the merge recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recipe as YAML</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mergekit&apos;s YAML</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>measure &amp;live</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure while the sliders move: at first coarsely, closely when they rest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trade-off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sweep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Conflicts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Merge checkpoints</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose two or more checkpoints that came from the same start. Sliders set how much of each goes into the merge, and what it scores on held-out problems is measured while they move. Folders can be dropped here, too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add from runs…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a recipe…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Merge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Red&amp;o</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open recipe…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save recipe…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Measure now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Keep as checkpoint…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Add checkpoints of runs to the merge…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a checkpoint&apos;s &amp;folder to the merge…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure a &amp;row of points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare &amp;task vectors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel &amp;measuring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget the measured &amp;points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a base: task vectors are what the models learned since it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a second model beside the base.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This program was built without the resolution of recipes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add models: what each layer takes of them is shown here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This program was built without training: merges cannot be measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The recipe cannot be read yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a method.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 needs a base: choose it on the left.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;%1&apos; has no value yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for the models…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 was not found.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tick a task to measure on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move a slider: the merge is measured as you go.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Return measures the merge.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>λ from %1 to %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeping %1…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is being made: see Runs</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::MessageBar</name>
    <message>
        <source>Copy the message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dismiss the message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Error: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::Metric</name>
    <message>
        <source>Loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Response length, mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reward: spread within groups</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Groups without spread</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Response length, shortest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Response length, longest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Length of ended responses, mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Responses cut off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Worked answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gradient norm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Epoch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tokens trained on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest logit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Entropy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>KL to the reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Policy loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clipped tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clipped below</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clipped above</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training speed, tokens/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Generation speed, tokens/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of the peak rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time per step, s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Held-out accuracy: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reward: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reward: %1, spread</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rollouts right: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step accuracy: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Held-out length: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Worked answers, held-out: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Held-out: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Responses: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clipped tokens: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sampling: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seconds a step: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Overview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Responses</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Held-out problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Optimisation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Policy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::NavigationRail</name>
    <message>
        <source>Places</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::ObjectListEditor</name>
    <message>
        <source>Add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add to %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::ParameterField</name>
    <message>
        <source>Range: %1 to %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Range: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>separated by commas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a new model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::ParameterForm</name>
    <message numerus="yes">
        <source>%n changed</source>
        <translation>
            <numerusform>%n changed</numerusform>
            <numerusform>%n changed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s)</source>
        <translation>
            <numerusform>%n problem</numerusform>
            <numerusform>%n problems</numerusform>
        </translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the default: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::ParameterSliders</name>
    <message>
        <source>&amp;Method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose how the models become one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This program was built without merge methods.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no method &apos;%1&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The recipe has slices or modules: the text below rules.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The text below cannot be read yet: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (the base)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole merge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take %1 out of the merge</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::ParentsPanel</name>
    <message>
        <source>&amp;Add from runs…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a &amp;folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folders can also be dropped on this page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the others were trained from: task vectors are what each of them has learned since</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The base&apos;s checkpoint folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Base</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A checkpoint&apos;s folder</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::PlotView</name>
    <message numerus="yes">
        <source>%n value(s) at or below 0 not shown</source>
        <translation>
            <numerusform>%n value at or below 0 not shown</numerusform>
            <numerusform>%n values at or below 0 not shown</numerusform>
        </translation>
    </message>
    <message>
        <source>No value above 0 here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No values yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: last %2, between %3 and %4</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Follow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show everything again and follow new values (0)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chart: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::PointModel</name>
    <message>
        <source>yes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>#</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1. %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 = %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>loss %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>accuracy %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>length %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::ResultCards</name>
    <message>
        <source>What a merge scores appears here as soon as one was measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 to %2, 95 %  (%3 of %4)%5</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>loss %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>length %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>answers are not judged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>first look, a few rows</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::ResultsPanel</name>
    <message>
        <source>Measure across</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure upwards</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measured points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Double click or Return: the sliders go there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a&amp;cross</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::RunColumns</name>
    <message>
        <source>Metrics</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::RunCommands</name>
    <message numerus="yes">
        <source>Took %n run(s) out of the archive</source>
        <translation>
            <numerusform>Took %n run out of the archive</numerusform>
            <numerusform>Took %n runs out of the archive</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Archived %n run(s)</source>
        <translation>
            <numerusform>Archived %n run</numerusform>
            <numerusform>Archived %n runs</numerusform>
        </translation>
    </message>
    <message>
        <source>Runs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;New run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;live</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;traces</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Duplicate and edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Pause or resume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chec&amp;kpoint now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kill</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ends the trainer at once; the run can be resumed from its last checkpoint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit ta&amp;gs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit &amp;notes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Archive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cop&amp;y as table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Export CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take out of the &amp;queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sta&amp;rt now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take out of the &amp;archive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Renamed to %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changed the tags of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changed the notes of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::RunDetails</name>
    <message>
        <source>Details of the run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Overview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Evaluations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checkpoints</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Severity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What happened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alarms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tags, separated by commas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was this run for? What did it show?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tag&amp;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>N&amp;otes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy YAML</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Design a run from it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select a run to see its details.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Study</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Created</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Duration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>removed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::RunOutcome</name>
    <message>
        <source>%1 (%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The trainer ended unexpectedly: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The trainer ended unexpectedly, without saying why</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::RunStrip</name>
    <message>
        <source>measuring this machine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>generating</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>evaluating</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>saving a checkpoint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stopping</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>attempt %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save a checkpoint after this step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wait after this step; the process stays</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on where it waits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take it out of the queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End after this step, with a checkpoint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do not wait for the runs before it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Continue from the last complete checkpoint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Selected runs</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::RunTableModel</name>
    <message numerus="yes">
        <source>%n alarm(s)</source>
        <translation>
            <numerusform>%n alarm</numerusform>
            <numerusform>%n alarms</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last value of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reward, or loss, over the steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trend</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Created</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Duration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Backend</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Id</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::RunsPage</name>
    <message numerus="yes">
        <source>%n run(s)</source>
        <translation>
            <numerusform>%n run</numerusform>
            <numerusform>%n runs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n run(s)</source>
        <translation>
            <numerusform>%1 of %n run</numerusform>
            <numerusform>%1 of %n runs</numerusform>
        </translation>
    </message>
    <message>
        <source>Runs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search name, tag, recipe, notes, state   (tag:x  state:failed  -word)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search runs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Welcome to Retort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing has been run yet. The quickstart teaches a small model to reason in a few minutes, on this computer: first by examples, then by reward. Everything that it does appears here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run the quickstart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Design a run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide this message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Find runs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show a&amp;rchived</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C&amp;olumns…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::SchedulePreview</name>
    <message numerus="yes">
        <source>Loss predicted from %n earlier run(s), %1 % off on them</source>
        <translation>
            <numerusform>Loss predicted from %n earlier run, %1 % off on them</numerusform>
            <numerusform>Loss predicted from %n earlier runs, %1 % off on them</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>A loss forecast takes two runs of this model and task (%n so far).</source>
        <translation>
            <numerusform>A loss forecast takes two runs of this model and task (%n so far).</numerusform>
            <numerusform>A loss forecast takes two runs of this model and task (%n so far).</numerusform>
        </translation>
    </message>
    <message>
        <source>Learning rate over the steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, peak %2, %3 at step %4</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The loss of this recipe follows no law that predicts it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No loss forecast: the runs of this model and task say too little.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>: take it as a hint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>; none of them lowered its rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>learning rate, peak %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>predicted loss, %1 at the end</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::ShortcutSheet</name>
    <message>
        <source>In a chart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left, Right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom in and out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>+, −, mouse wheel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom to a range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shift+Drag or middle button</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show everything and follow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>0 or double click</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::SliderField</name>
    <message>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>by layer, in the text</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::State</name>
    <message>
        <source>queued</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lost</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::StudyRunner</name>
    <message>
        <source>It was stopped before its end.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The study “%1” ends at its stage “%2”: %3</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::SweepPanel</name>
    <message>
        <source>S&amp;weep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Values of the sweep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From:to:step, or values with commas between them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure the &amp;row</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ca&amp;ncel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of the sweep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Interpolation curve</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 over %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Barrier of the mean loss: %1 above the line between the ends, at %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No barrier: the mean loss lies on or below the line between the ends.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measures a row of points, such as λ from 0 to 1, and draws what happens on the way.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::TablePanel</name>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy or save: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the points as CSV</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the points as CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as PNG…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as SVG…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as JSON…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSON files (*.json)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::TaskPanel</name>
    <message>
        <source>Held-out tasks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What every merge is measured on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Held-out problems a task: more of them, narrower intervals</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers are cut off at so many tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>to&amp;kens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tasks: %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::TokenStrip</name>
    <message>
        <source>Tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token %1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>log-probability %1 (p = %2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>entropy %1 nats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reference log-probability %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No per-token numbers were recorded for this trace.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::TraceFilterBar</name>
    <message>
        <source>Search prompts and completions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Selected run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All runs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Highest reward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lowest reward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shortest first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Phase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any phase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Evaluation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Task</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any task</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Right or wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>✓ Right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>✗ Wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Working</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Worked or bare</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Worked out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bare answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>to step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reward from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reward to</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::TraceGroupModel</name>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
    <message>
        <source>reward %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>advantage %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, cut off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sample %1, %2, %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>correct</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>wrong</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::TraceListModel</name>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
    <message>
        <source>step %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reward %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>steps %1 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cut off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>evaluation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, %2, %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>correct</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>wrong</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::TraceStepModel</name>
    <message>
        <source>answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>think</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thinking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not checked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step %1, %2: %3</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::TraceView</name>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
    <message>
        <source>step %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>evaluation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sample %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reward %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>advantage %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 % of the steps right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Double click: select in the text. Ctrl+C: copy the selected steps.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reference answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find in this trace (Enter: next, Esc: close)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find in this trace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch between log-probability and entropy  (T)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>✓ Right: the answer %1 is the reference.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>✗ Wrong: answer %1, reference %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First wrong step: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut off at the length limit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tokens by −log p</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tokens by entropy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>darkest: %1 nats or more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not found</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::TracesPage</name>
    <message numerus="yes">
        <source>%n trace(s)</source>
        <translation>
            <numerusform>%n trace</numerusform>
            <numerusform>%n traces</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Group of %n sample(s)</source>
        <translation>
            <numerusform>Group of %n sample</numerusform>
            <numerusform>Group of %n samples</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n trace(s) written to %1</source>
        <translation>
            <numerusform>%n trace written to %1</numerusform>
            <numerusform>%n traces written to %1</numerusform>
        </translation>
    </message>
    <message>
        <source>No traces yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A trace is one answer that the model wrote, with every step of its reasoning checked. Runs keep some of them as they train and evaluate; they appear here by themselves.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run the quickstart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show new traces</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Traces</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No trace matches these filters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear the filters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same problem at other training steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Samples of the group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next sample of the group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous sample of the group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First wrong step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the selected steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find in the trace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log-probability or entropy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Same problem, earlier step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Same problem, later step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search all traces</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy trace as text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy trace as JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the list…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Follow new traces</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All rewards are equal: nothing to learn from.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Same problem: step %1 (%2 of %3)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reward %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSON lines (*.jsonl)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the traces of the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::TradeOffView</name>
    <message>
        <source>Trade-off of the measured points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 points, %2 of them on the front; %3 against %4</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as PNG or SVG…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the chart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PNG (*.png);;SVG (*.svg)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::WeightsTab</name>
    <message numerus="yes">
        <source>%n tensor(s) only in A: </source>
        <translation>
            <numerusform>%n tensor only in A: </numerusform>
            <numerusform>%n tensors only in A: </numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) only in B: </source>
        <translation>
            <numerusform>%n tensor only in B: </numerusform>
            <numerusform>%n tensors only in B: </numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) of another shape are not compared</source>
        <translation>
            <numerusform>%n tensor of another shape is not compared</numerusform>
            <numerusform>%n tensors of another shape are not compared</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) are not compared: </source>
        <translation>
            <numerusform>%n tensor is not compared: </numerusform>
            <numerusform>%n tensors are not compared: </numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more field(s) of config.json differ</source>
        <translation>
            <numerusform>%n more field of config.json differs</numerusform>
            <numerusform>%n more fields of config.json differ</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s): cosine %1, relative L2 %2, %3 % of the elements changed</source>
        <translation>
            <numerusform>%n tensor: cosine %1, relative L2 %2, %3 % of the elements changed</numerusform>
            <numerusform>%n tensors: cosine %1, relative L2 %2, %3 % of the elements changed</numerusform>
        </translation>
    </message>
    <message>
        <source>The tokenizers number their tokens differently: rows of the embeddings are paired by token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Same architecture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>same tokenizer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tokenizers differ: %1 tokens removed, %2 added, %3 renumbered; token by token values cannot be set against each other</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 token: %2 → %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>chat templates differ</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tensors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About the weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>B</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Base</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The checkpoint that both came from: adds the cosine of their moves and their sign conflicts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>S&amp;pectra</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Singular values of the differences; takes much longer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare &amp;weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Map: relative L2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Map: cosine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Map: changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Map: sign conflicts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the map shows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layer map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the values as CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as PNG…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reads both checkpoints&apos; weights from the disk and compares them tensor by tensor.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weights can be compared where at least two of the checkpoints are still on the disk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>retort::YamlEditor</name>
    <message>
        <source>Configuration as YAML</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
