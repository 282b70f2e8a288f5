<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name>AskedPrompt</name>
    <message>
        <source>ended</source>
        <translation>beendet</translation>
    </message>
    <message>
        <source>cut off</source>
        <translation>abgeschnitten</translation>
    </message>
    <message>
        <source>waits</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>answers …</source>
        <translation>antwortet …</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>gave no whole answer</source>
        <translation>gab keine ganze Antwort</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>keine Antwort</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n Token</numerusform>
            <numerusform>%n Token</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n character(s)</source>
        <translation>
            <numerusform>%n Zeichen</numerusform>
            <numerusform>%n Zeichen</numerusform>
        </translation>
    </message>
    <message>
        <source>other tokenizer</source>
        <translation>anderer Tokenizer</translation>
    </message>
    <message>
        <source>The baseline&apos;s answer, word for word</source>
        <translation>Wort für Wort die Antwort der Baseline</translation>
    </message>
    <message>
        <source>Another text than the baseline&apos;s</source>
        <translation>Ein anderer Text als der der Baseline</translation>
    </message>
    <message>
        <source>right</source>
        <translation>richtig</translation>
    </message>
    <message>
        <source>Of another tokenizer than the baseline&apos;s: compare characters instead</source>
        <translation>Von einem anderen Tokenizer als dem der Baseline: besser Zeichen vergleichen</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>Checkpoint</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>Stichprobe</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Same</source>
        <translation>Gleich</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Richtig</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Characters</source>
        <translation>Zeichen</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>Ende</translation>
    </message>
    <message>
        <source>Tokens/s</source>
        <translation>Token/s</translation>
    </message>
    <message>
        <source>As the baseline&apos;s answer</source>
        <translation>Wie die Antwort der Baseline</translation>
    </message>
    <message>
        <source>By the task&apos;s checker; only of problems of an evaluation</source>
        <translation>Nach dem Prüfer der Aufgabenart; nur bei Aufgaben einer Auswertung</translation>
    </message>
    <message>
        <source>All samples of the checkpoint; the time it took to read the model is in it</source>
        <translation>Alle Stichproben des Checkpoints, einschließlich der Zeit zum Lesen des Modells</translation>
    </message>
    <message>
        <source>temperature %1</source>
        <translation>Temperatur %1</translation>
    </message>
    <message>
        <source>greedy</source>
        <translation>greedy</translation>
    </message>
</context>
<context>
    <name>BenchMeasure</name>
    <message>
        <source>mean accuracy</source>
        <translation>mittlere Genauigkeit</translation>
    </message>
    <message>
        <source>accuracy: %1</source>
        <translation>Genauigkeit: %1</translation>
    </message>
    <message>
        <source>mean length</source>
        <translation>mittlere Länge</translation>
    </message>
    <message>
        <source>length: %1</source>
        <translation>Länge: %1</translation>
    </message>
    <message>
        <source>mean loss</source>
        <translation>mittlerer Loss</translation>
    </message>
    <message>
        <source>loss: %1</source>
        <translation>Loss: %1</translation>
    </message>
</context>
<context>
    <name>ComparisonTables</name>
    <message>
        <source>%1: p = %2 before the correction</source>
        <translation>%1: p = %2 vor der Korrektur</translation>
    </message>
    <message>
        <source>No difference is shown.</source>
        <translation>Kein Unterschied ist nachgewiesen.</translation>
    </message>
    <message>
        <source>Better than the baseline</source>
        <translation>Besser als die Baseline</translation>
    </message>
    <message>
        <source>Worse than the baseline</source>
        <translation>Schlechter als die Baseline</translation>
    </message>
    <message>
        <source>%1: %2 digits</source>
        <translation>%1: %2 Stellen</translation>
    </message>
    <message>
        <source>%1: %2 operations</source>
        <translation>%1: %2 Rechenschritte</translation>
    </message>
    <message>
        <source>%1: %2 numbers</source>
        <translation>%1: %2 Zahlen</translation>
    </message>
    <message>
        <source>%1: never solved</source>
        <translation>%1: nie gelöst</translation>
    </message>
    <message>
        <source>%1: solved by up to 25 %</source>
        <translation>%1: bis 25 % gelöst</translation>
    </message>
    <message>
        <source>%1: solved by 25 to 50 %</source>
        <translation>%1: 25 bis 50 % gelöst</translation>
    </message>
    <message>
        <source>%1: solved by 50 to 75 %</source>
        <translation>%1: 50 bis 75 % gelöst</translation>
    </message>
    <message>
        <source>%1: solved by 75 % and more</source>
        <translation>%1: ab 75 % gelöst</translation>
    </message>
    <message>
        <source>%1: always solved</source>
        <translation>%1: immer gelöst</translation>
    </message>
    <message>
        <source>%1 was not evaluated.</source>
        <translation>%1 wurde nicht ausgewertet.</translation>
    </message>
    <message>
        <source>%1 was not evaluated on %2.</source>
        <translation>%1 wurde nicht an %2 ausgewertet.</translation>
    </message>
    <message>
        <source>%1 is left out: it was evaluated on another set of problems of %2.</source>
        <translation>%1 bleibt außen vor: Er wurde an einem anderen Aufgabensatz von %2 ausgewertet.</translation>
    </message>
    <message>
        <source>%1 is left out: not all were evaluated on it with one set of problems.</source>
        <translation>%1 bleibt außen vor: Nicht alle wurden daran mit demselben Aufgabensatz ausgewertet.</translation>
    </message>
    <message>
        <source>%1 was evaluated more than once on %2; the newest counts.</source>
        <translation>%1 wurde mehrmals an %2 ausgewertet; die neueste Auswertung zählt.</translation>
    </message>
    <message>
        <source>%1 has another number of samples a problem than the baseline.</source>
        <translation>%1 hat eine andere Anzahl von Stichproben je Aufgabe als die Baseline.</translation>
    </message>
    <message>
        <source>%1 problems of %2 are left out: not every checkpoint has answered them.</source>
        <translation>%1 Aufgaben von %2 bleiben außen vor: Nicht jeder Checkpoint hat sie beantwortet.</translation>
    </message>
    <message>
        <source>There is no set of problems that these checkpoints have in common.</source>
        <translation>Diese Checkpoints haben keinen Aufgabensatz gemeinsam.</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>Checkpoint</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Rolle</translation>
    </message>
    <message>
        <source>Accuracy %</source>
        <translation>Genauigkeit %</translation>
    </message>
    <message>
        <source>95 %</source>
        <translation>95 %</translation>
    </message>
    <message>
        <source>Δ points</source>
        <translation>Δ Punkte</translation>
    </message>
    <message>
        <source>95 % of Δ</source>
        <translation>95 % von Δ</translation>
    </message>
    <message>
        <source>p (Holm)</source>
        <translation>p (Holm)</translation>
    </message>
    <message>
        <source>Sign</source>
        <translation>Zeichen</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>Verloren</translation>
    </message>
    <message>
        <source>Won</source>
        <translation>Gewonnen</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Δ tokens</source>
        <translation>Δ Token</translation>
    </message>
    <message>
        <source>Intervals and tests are by problem: several samples of one are not independent</source>
        <translation>Intervalle und Tests gelten je Aufgabe: Mehrere Stichproben derselben sind nicht unabhängig</translation>
    </message>
    <message>
        <source>Wilson&apos;s interval</source>
        <translation>Wilson-Intervall</translation>
    </message>
    <message>
        <source>Accuracy minus the baseline&apos;s</source>
        <translation>Genauigkeit minus die der Baseline</translation>
    </message>
    <message>
        <source>Paired bootstrap over problems</source>
        <translation>Gepaarter Bootstrap über die Aufgaben</translation>
    </message>
    <message>
        <source>Corrected for the number of comparisons in this table</source>
        <translation>Korrigiert um die Zahl der Vergleiche in dieser Tabelle</translation>
    </message>
    <message>
        <source>▲ better, ▼ worse; * under 0.05, ** 0.01, *** 0.001 after the correction</source>
        <translation>▲ besser, ▼ schlechter; * unter 0,05, ** 0,01, *** 0,001 nach der Korrektur</translation>
    </message>
    <message>
        <source>Problems that only the baseline solves</source>
        <translation>Aufgaben, die nur die Baseline löst</translation>
    </message>
    <message>
        <source>Problems that only this one solves</source>
        <translation>Aufgaben, die nur dieser löst</translation>
    </message>
    <message>
        <source>Mean length of the answers</source>
        <translation>Mittlere Länge der Antworten</translation>
    </message>
    <message>
        <source>McNemar&apos;s exact test</source>
        <translation>Exakter McNemar-Test</translation>
    </message>
    <message>
        <source>Paired t test, clustered by problem</source>
        <translation>Gepaarter t-Test, nach Aufgaben geclustert</translation>
    </message>
    <message>
        <source>baseline</source>
        <translation>Baseline</translation>
    </message>
    <message>
        <source>parent</source>
        <translation>Elternteil</translation>
    </message>
    <message>
        <source>Problems of</source>
        <translation>Aufgaben von</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Aufgaben</translation>
    </message>
    <message>
        <source>Student&apos;s t of the paired differences</source>
        <translation>Student-t der gepaarten Differenzen</translation>
    </message>
    <message>
        <source>Corrected for all comparisons of this table</source>
        <translation>Korrigiert um alle Vergleiche dieser Tabelle</translation>
    </message>
    <message>
        <source>p</source>
        <translation>p</translation>
    </message>
    <message>
        <source>Normalised accuracy</source>
        <translation>Normierte Genauigkeit</translation>
    </message>
    <message>
        <source>Synergy, points</source>
        <translation>Synergie, Punkte</translation>
    </message>
    <message>
        <source>Best parent</source>
        <translation>Bester Elternteil</translation>
    </message>
    <message>
        <source>Forgotten, points</source>
        <translation>Vergessen, Punkte</translation>
    </message>
    <message>
        <source>Mean over the tasks of its accuracy / that of the parent that is best at the task</source>
        <translation>Mittel über die Aufgabenarten: seine Genauigkeit / die des Elternteils, der darin am besten ist</translation>
    </message>
    <message>
        <source>Accuracy minus that of the best parent</source>
        <translation>Genauigkeit minus die des besten Elternteils</translation>
    </message>
    <message>
        <source>Student&apos;s t over problems; the best parent was chosen on the same problems</source>
        <translation>Student-t über die Aufgaben; der beste Elternteil wurde an denselben Aufgaben gewählt</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Konfidenz</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>ECE</source>
        <translation>ECE</translation>
    </message>
    <message>
        <source>Largest error</source>
        <translation>Größter Fehler</translation>
    </message>
    <message>
        <source>Brier</source>
        <translation>Brier</translation>
    </message>
    <message>
        <source>Expected calibration error, ten bins of equal width</source>
        <translation>Erwarteter Kalibrierungsfehler, zehn gleich breite Klassen</translation>
    </message>
    <message>
        <source>mean token probability of the answer</source>
        <translation>mittlere Token-Wahrscheinlichkeit der Antwort</translation>
    </message>
    <message>
        <source>agreement among samples</source>
        <translation>Übereinstimmung der Stichproben</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>Tensor</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>Cosine</source>
        <translation>Kosinus</translation>
    </message>
    <message>
        <source>L2</source>
        <translation>L2</translation>
    </message>
    <message>
        <source>Relative L2</source>
        <translation>Relatives L2</translation>
    </message>
    <message>
        <source>Largest</source>
        <translation>Größte</translation>
    </message>
    <message>
        <source>Changed %</source>
        <translation>Geändert %</translation>
    </message>
    <message>
        <source>Cosine of moves</source>
        <translation>Kosinus der Verschiebungen</translation>
    </message>
    <message>
        <source>Move of A</source>
        <translation>Verschiebung von A</translation>
    </message>
    <message>
        <source>Move of B</source>
        <translation>Verschiebung von B</translation>
    </message>
    <message>
        <source>Signs differ %</source>
        <translation>Vorzeichen ungleich %</translation>
    </message>
    <message>
        <source>Largest singular</source>
        <translation>Größter Singulärwert</translation>
    </message>
    <message>
        <source>Stable rank</source>
        <translation>Stabiler Rang</translation>
    </message>
    <message>
        <source>Effective rank</source>
        <translation>Effektiver Rang</translation>
    </message>
    <message>
        <source>Rows paired by token: the tokenizers number them differently</source>
        <translation>Zeilen nach Token gepaart: Die Tokenizer nummerieren sie verschieden</translation>
    </message>
    <message>
        <source>%1 elements are no finite numbers and left out</source>
        <translation>%1 Elemente sind keine endlichen Zahlen und bleiben außen vor</translation>
    </message>
    <message>
        <source>merge</source>
        <translation>Merge</translation>
    </message>
    <message>
        <source>base</source>
        <translation>Basis</translation>
    </message>
    <message>
        <source>%1 ⚠ %2 of %3</source>
        <translation>%1 ⚠ %2 von %3</translation>
    </message>
    <message>
        <source>The other parents are not compared: one of them may be better than these</source>
        <translation>Die anderen Eltern sind nicht im Vergleich: Einer von ihnen könnte besser sein als diese</translation>
    </message>
    <message>
        <source>Being drawn</source>
        <translation>Wird gezogen</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>Merge</translation>
    </message>
    <message>
        <source>Parents</source>
        <translation>Eltern</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>Basis</translation>
    </message>
    <message>
        <source>Mean over the tasks of the base&apos;s accuracy minus its own</source>
        <translation>Mittel über die Aufgabenarten: Genauigkeit der Basis minus die eigene</translation>
    </message>
    <message>
        <source>Those of its parents that are compared here</source>
        <translation>Diejenigen seiner Eltern, die hier verglichen werden</translation>
    </message>
    <message>
        <source>The recipe&apos;s base model, else the nearest common ancestor of the parents</source>
        <translation>Das Basismodell des Rezepts, sonst der nächste gemeinsame Vorfahr der Eltern</translation>
    </message>
</context>
<context>
    <name>ConflictModel</name>
    <message>
        <source>outside</source>
        <translation>außerhalb</translation>
    </message>
    <message>
        <source>layer %1</source>
        <translation>Schicht %1</translation>
    </message>
    <message>
        <source>cosine</source>
        <translation>Kosinus</translation>
    </message>
    <message>
        <source>sign conflicts</source>
        <translation>Vorzeichenkonflikte</translation>
    </message>
    <message>
        <source>norm of %1</source>
        <translation>Norm von %1</translation>
    </message>
    <message>
        <source>%1 against %2</source>
        <translation>%1 gegen %2</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>module</source>
        <translation>Modul</translation>
    </message>
</context>
<context>
    <name>Format</name>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 min %2 s</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <translation>%1 T %2 h</translation>
    </message>
</context>
<context>
    <name>Interpolation</name>
    <message>
        <source>Mean loss</source>
        <translation>Mittlerer Loss</translation>
    </message>
    <message>
        <source>Loss: %1</source>
        <translation>Loss: %1</translation>
    </message>
    <message>
        <source>Mean accuracy %</source>
        <translation>Mittlere Genauigkeit %</translation>
    </message>
    <message>
        <source>Mean length</source>
        <translation>Mittlere Länge</translation>
    </message>
    <message>
        <source>Accuracy %: %1</source>
        <translation>Genauigkeit %: %1</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabenart</translation>
    </message>
    <message>
        <source>Barrier</source>
        <translation>Barriere</translation>
    </message>
    <message>
        <source>Highest at t</source>
        <translation>Am höchsten bei t</translation>
    </message>
    <message>
        <source>Loss of A</source>
        <translation>Loss von A</translation>
    </message>
    <message>
        <source>Loss of B</source>
        <translation>Loss von B</translation>
    </message>
    <message>
        <source>Lowest loss</source>
        <translation>Niedrigster Loss</translation>
    </message>
    <message>
        <source>Lowest at t</source>
        <translation>Am niedrigsten bei t</translation>
    </message>
    <message>
        <source>How far the loss rises above the straight line between the losses of A and B</source>
        <translation>Wie weit der Loss über die Gerade zwischen den Losses von A und B steigt</translation>
    </message>
    <message>
        <source>Where the barrier is that high: 0 is A, 1 is B</source>
        <translation>Wo die Barriere so hoch ist: 0 ist A, 1 ist B</translation>
    </message>
    <message>
        <source>The lowest loss of all points</source>
        <translation>Der niedrigste Loss aller Punkte</translation>
    </message>
    <message>
        <source>Where the loss is lowest</source>
        <translation>Wo der Loss am niedrigsten ist</translation>
    </message>
    <message>
        <source>Error barrier</source>
        <translation>Fehlerbarriere</translation>
    </message>
    <message>
        <source>Error highest at t</source>
        <translation>Fehler am höchsten bei t</translation>
    </message>
    <message>
        <source>The same of the share of wrong answers, 0 to 1</source>
        <translation>Dasselbe für den Anteil falscher Antworten, 0 bis 1</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>t</source>
        <translation>t</translation>
    </message>
    <message>
        <source>Weight of B; A has 1 − t</source>
        <translation>Gewicht von B; A hat 1 − t</translation>
    </message>
    <message>
        <source>Above the line</source>
        <translation>Über der Geraden</translation>
    </message>
    <message>
        <source>Point</source>
        <translation>Punkt</translation>
    </message>
    <message>
        <source>Weight of %1</source>
        <translation>Gewicht von %1</translation>
    </message>
</context>
<context>
    <name>JobText</name>
    <message>
        <source>Job %1 on %2</source>
        <translation>Job %1 auf %2</translation>
    </message>
    <message>
        <source>, begins about %1</source>
        <translation>, beginnt etwa %1</translation>
    </message>
</context>
<context>
    <name>LaneText</name>
    <message>
        <source>−log p</source>
        <translation>−log p</translation>
    </message>
    <message>
        <source>Entropy</source>
        <translation>Entropie</translation>
    </message>
    <message>
        <source>Advantage</source>
        <translation>Vorteil</translation>
    </message>
    <message>
        <source>KL to reference</source>
        <translation>KL zur Referenz</translation>
    </message>
    <message>
        <source>Log ratio</source>
        <translation>Log-Verhältnis</translation>
    </message>
    <message>
        <source>Clip mask</source>
        <translation>Kappung</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>PRM score</source>
        <translation>PRM-Wert</translation>
    </message>
    <message>
        <source>nats</source>
        <translation>nats</translation>
    </message>
    <message>
        <source>How unlikely the sampled token was under the policy.</source>
        <translation>Wie unwahrscheinlich das gezogene Token unter der Policy war.</translation>
    </message>
    <message>
        <source>How undecided the policy was at this place.</source>
        <translation>Wie unentschieden die Policy an dieser Stelle war.</translation>
    </message>
    <message>
        <source>What the token was credited with: above 0 reinforced, below 0 discouraged.</source>
        <translation>Was dem Token gutgeschrieben wurde: über 0 verstärkt, unter 0 abgeschwächt.</translation>
    </message>
    <message>
        <source>log p − log p under the reference policy: where the policy moved away.</source>
        <translation>log p − log p unter der Referenz-Policy: wo sich die Policy entfernt hat.</translation>
    </message>
    <message>
        <source>Logarithm of policy / sampling policy in the step&apos;s last update.</source>
        <translation>Logarithmus von Policy / ziehender Policy bei der letzten Aktualisierung des Schrittes.</translation>
    </message>
    <message>
        <source>Whether the ratio was outside the clip range, so that the token taught nothing.</source>
        <translation>Ob das Verhältnis außerhalb der Kappungsgrenzen lag, sodass das Token nichts lehrte.</translation>
    </message>
    <message>
        <source>The value model&apos;s estimate after the token; low values are dark.</source>
        <translation>Schätzung des Wertmodells nach dem Token; niedrige Werte sind dunkel.</translation>
    </message>
    <message>
        <source>The reward model&apos;s probability that all is right so far; low ones are dark.</source>
        <translation>Wahrscheinlichkeit nach dem Belohnungsmodell, dass bis hier alles richtig ist; niedrige sind dunkel.</translation>
    </message>
    <message>
        <source>by token</source>
        <translation>je Token</translation>
    </message>
    <message>
        <source>by word</source>
        <translation>je Wort</translation>
    </message>
    <message>
        <source>by sentence</source>
        <translation>je Satz</translation>
    </message>
    <message>
        <source>by step</source>
        <translation>je Schritt</translation>
    </message>
    <message>
        <source>clipped, below the range</source>
        <translation>gekappt, unter den Grenzen</translation>
    </message>
    <message>
        <source>clipped, above the range</source>
        <translation>gekappt, über den Grenzen</translation>
    </message>
    <message>
        <source>in the range</source>
        <translation>in den Grenzen</translation>
    </message>
    <message>
        <source> (p = %1)</source>
        <translation> (p = %1)</translation>
    </message>
    <message>
        <source> (ratio %1)</source>
        <translation> (Verhältnis %1)</translation>
    </message>
</context>
<context>
    <name>Lineage</name>
    <message>
        <source>trained from</source>
        <translation>trainiert aus</translation>
    </message>
    <message>
        <source>distilled from</source>
        <translation>destilliert aus</translation>
    </message>
    <message>
        <source>merged from</source>
        <translation>gemergt aus</translation>
    </message>
    <message>
        <source>adapter of</source>
        <translation>Adapter von</translation>
    </message>
    <message>
        <source>same run, later</source>
        <translation>derselbe Lauf, später</translation>
    </message>
    <message>
        <source>grown from</source>
        <translation>gewachsen aus</translation>
    </message>
    <message>
        <source>judged by</source>
        <translation>beurteilt von</translation>
    </message>
    <message>
        <source>%1 · no checkpoint yet</source>
        <translation>%1 · noch kein Checkpoint</translation>
    </message>
    <message>
        <source>%1 · step %2</source>
        <translation>%1 · Schritt %2</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>%1 merge</source>
        <translation>%1-Merge</translation>
    </message>
    <message>
        <source>adapter</source>
        <translation>Adapter</translation>
    </message>
    <message>
        <source>on a hub</source>
        <translation>auf einem Hub</translation>
    </message>
    <message>
        <source>no longer there</source>
        <translation>nicht mehr da</translation>
    </message>
    <message>
        <source> · weight %1</source>
        <translation> · Gewicht %1</translation>
    </message>
    <message>
        <source> · base</source>
        <translation> · Basis</translation>
    </message>
</context>
<context>
    <name>LineagePicture</name>
    <message>
        <source>+%1 ▸</source>
        <translation>+%1 ▸</translation>
    </message>
</context>
<context>
    <name>MachineTables</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>asking…</source>
        <translation>wird gefragt …</translation>
    </message>
    <message>
        <source>not reached</source>
        <translation>nicht erreicht</translation>
    </message>
    <message numerus="yes">
        <source>%n core(s)</source>
        <translation>
            <numerusform>%n Kern</numerusform>
            <numerusform>%n Kerne</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 % of %2</source>
        <translation>%1 % von %2</translation>
    </message>
    <message>
        <source>It can be reached</source>
        <translation>Sie ist erreichbar</translation>
    </message>
    <message>
        <source>It lets you in</source>
        <translation>Sie lässt dich hinein</translation>
    </message>
    <message>
        <source>It is who it was (host key)</source>
        <translation>Sie ist, wer sie war (Hostschlüssel)</translation>
    </message>
    <message>
        <source>The work folder can be written</source>
        <translation>Der Arbeitsordner ist beschreibbar</translation>
    </message>
    <message>
        <source>There is room on the disk</source>
        <translation>Auf der Platte ist Platz</translation>
    </message>
    <message>
        <source>Its clock is right</source>
        <translation>Ihre Uhr geht richtig</translation>
    </message>
    <message>
        <source>The scheduler answers</source>
        <translation>Der Scheduler antwortet</translation>
    </message>
    <message>
        <source>retort-cli fits</source>
        <translation>retort-cli passt</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>SSH destination</source>
        <translation>SSH-Ziel</translation>
    </message>
    <message>
        <source>Scheduler</source>
        <translation>Scheduler</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Free memory</source>
        <translation>Freier Speicher</translation>
    </message>
    <message>
        <source>Free on disk</source>
        <translation>Frei auf der Platte</translation>
    </message>
    <message>
        <source>GPUs</source>
        <translation>GPUs</translation>
    </message>
    <message>
        <source>this machine</source>
        <translation>dieser Rechner</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keiner</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Job</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>Expected start</source>
        <translation>Erwarteter Beginn</translation>
    </message>
    <message>
        <source>Directory there</source>
        <translation>Verzeichnis dort</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>Was zu tun ist</translation>
    </message>
    <message numerus="yes">
        <source>%n process(es); 100 % is one core</source>
        <translation>
            <numerusform>%n Prozess; 100 % ist ein Kern</numerusform>
            <numerusform>%n Prozesse; 100 % ist ein Kern</numerusform>
        </translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>Diese Maschine</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>GPU memory</source>
        <translation>GPU-Speicher</translation>
    </message>
</context>
<context>
    <name>PriorityText</name>
    <message>
        <source>Normal</source>
        <translation>Normal</translation>
    </message>
    <message>
        <source>Low</source>
        <translation>Niedrig</translation>
    </message>
    <message>
        <source>Lowest</source>
        <translation>Am niedrigsten</translation>
    </message>
    <message>
        <source>Nice %1</source>
        <translation>Nice %1</translation>
    </message>
    <message>
        <source>nice %1 is asked for</source>
        <translation>nice %1 ist verlangt</translation>
    </message>
    <message>
        <source>nice %1</source>
        <translation>nice %1</translation>
    </message>
</context>
<context>
    <name>QTableView</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Export CSV…</source>
        <translation>CSV exportieren …</translation>
    </message>
    <message>
        <source>Export the table</source>
        <translation>Tabelle exportieren</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>CSV-Dateien (*.csv)</translation>
    </message>
    <message>
        <source>Could not write %1: %2</source>
        <translation>%1 konnte nicht geschrieben werden: %2</translation>
    </message>
</context>
<context>
    <name>QueueTables</name>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
    </message>
    <message>
        <source>held</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Platz</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>Studie</translation>
    </message>
    <message>
        <source>Runs in</source>
        <translation>Läuft in</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Tries</source>
        <translation>Versuche</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Übrig</translation>
    </message>
    <message>
        <source>Its place: 1 comes first</source>
        <translation>Sein Platz: 1 kommt zuerst</translation>
    </message>
    <message>
        <source>How often the queue has started it</source>
        <translation>Wie oft die Warteschlange ihn gestartet hat</translation>
    </message>
    <message>
        <source>How often it is started again when it fails</source>
        <translation>Wie oft er neu gestartet wird, wenn er scheitert</translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n gescheitert</numerusform>
            <numerusform>%n gescheitert</numerusform>
        </translation>
    </message>
    <message>
        <source>Process %1 starts them; this window takes over when that ends.</source>
        <translation>Prozess %1 startet sie; dieses Fenster übernimmt, wenn er endet.</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>How it stands</source>
        <translation>Wie es steht</translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n wartet</numerusform>
            <numerusform>%n warten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n läuft</numerusform>
            <numerusform>%n laufen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Schema</name>
    <message>
        <source>Next-token training on whole texts, prompts included.</source>
        <translation>Training auf das nächste Token ganzer Texte, Aufgaben eingeschlossen.</translation>
    </message>
    <message>
        <source>What the run is called in lists and charts.</source>
        <translation>Wie der Lauf in Listen und Diagrammen heißt.</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>The study that it belongs to; empty: none.</source>
        <translation>Die Studie, zu der er gehört; leer: keine.</translation>
    </message>
    <message>
        <source>Words to find it by.</source>
        <translation>Worte, unter denen man ihn findet.</translation>
    </message>
    <message>
        <source>Seed of everything random: the same seed gives the same run.</source>
        <translation>Startwert alles Zufälligen: Derselbe Startwert ergibt denselben Lauf.</translation>
    </message>
    <message>
        <source>Checkpoint to start from: a folder, &quot;run:&lt;name or id&gt;[@step]&quot;, or &quot;@stage&quot; in a study; empty: a new model of the shape below.</source>
        <translation>Kontrollpunkt, von dem er ausgeht: ein Ordner, „run:&lt;Name oder Kennung&gt;[@Schritt]“ oder in einer Studie „@Stufe“; leer: ein neues Modell der Form darunter.</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Width of the residual stream.</source>
        <translation>Breite des Residualstroms.</translation>
    </message>
    <message>
        <source>Number of decoder layers.</source>
        <translation>Anzahl der Decoderschichten.</translation>
    </message>
    <message>
        <source>Query heads a layer.</source>
        <translation>Abfrageköpfe je Schicht.</translation>
    </message>
    <message>
        <source>Key/value heads; fewer than query heads: grouped-query attention.</source>
        <translation>Schlüssel-/Wertköpfe; weniger als Abfrageköpfe: Grouped-Query Attention.</translation>
    </message>
    <message>
        <source>Width of a head; 0: hidden_size / num_attention_heads.</source>
        <translation>Breite eines Kopfes; 0: hidden_size / num_attention_heads.</translation>
    </message>
    <message>
        <source>Width of the SwiGLU layer.</source>
        <translation>Breite der SwiGLU-Schicht.</translation>
    </message>
    <message>
        <source>Rotary, learned absolute, or no positions (NoPE).</source>
        <translation>Rotierende, gelernte absolute oder keine Positionen (NoPE).</translation>
    </message>
    <message>
        <source>Base of the rotary frequencies.</source>
        <translation>Basis der Rotationsfrequenzen.</translation>
    </message>
    <message>
        <source>Longest sequence, prompt and completion together.</source>
        <translation>Längste Sequenz, Aufgabe und Antwort zusammen.</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Bias on queries, keys and values, as in Qwen2.</source>
        <translation>Bias auf Abfragen, Schlüsseln und Werten wie in Qwen2.</translation>
    </message>
    <message>
        <source>RMSNorm on queries and keys, as in Qwen3.</source>
        <translation>RMSNorm auf Abfragen und Schlüsseln wie in Qwen3.</translation>
    </message>
    <message>
        <source>Input and output embeddings share their weights.</source>
        <translation>Ein- und Ausgabe-Einbettung teilen ihre Gewichte.</translation>
    </message>
    <message>
        <source>Added under the root in RMSNorm.</source>
        <translation>Summand unter der Wurzel in RMSNorm.</translation>
    </message>
    <message>
        <source>Standard deviation of the initial weights.</source>
        <translation>Standardabweichung der Anfangsgewichte.</translation>
    </message>
    <message>
        <source>One token a character, or byte-pair encoding.</source>
        <translation>Ein Token je Zeichen oder Byte-Paar-Kodierung.</translation>
    </message>
    <message>
        <source>Tokenizer</source>
        <translation>Tokenizer</translation>
    </message>
    <message>
        <source>Byte-pair encoding: vocabulary to train to.</source>
        <translation>Byte-Paar-Kodierung: Größe des zu lernenden Vokabulars.</translation>
    </message>
    <message>
        <source>Generated reasoning tasks, mixed by weight.</source>
        <translation>Erzeugte Denkaufgaben, nach Gewicht gemischt.</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Daten</translation>
    </message>
    <message>
        <source>Sums of natural numbers, plain or reversed, with or without the columns written out</source>
        <translation>Summen natürlicher Zahlen, geradeaus oder umgekehrt, mit oder ohne ausgeschriebene Spalten</translation>
    </message>
    <message>
        <source>Label in metrics; empty: the task&apos;s kind.</source>
        <translation>Name in Messgrößen; leer: die Art der Aufgabe.</translation>
    </message>
    <message>
        <source>Share in the mixture, relative to the others.</source>
        <translation>Anteil an der Mischung im Verhältnis zu den anderen.</translation>
    </message>
    <message>
        <source>Share of the training examples whose completion shows its working.</source>
        <translation>Anteil der Trainingsbeispiele, deren Antwort ausgearbeitet ist.</translation>
    </message>
    <message>
        <source>Fewest digits of the longest operand</source>
        <translation>Wenigste Stellen des längsten Operanden</translation>
    </message>
    <message>
        <source>Most digits of the longest operand</source>
        <translation>Meiste Stellen des längsten Operanden</translation>
    </message>
    <message>
        <source>Numbers to add</source>
        <translation>Anzahl der Summanden</translation>
    </message>
    <message>
        <source>All operands have the same number of digits</source>
        <translation>Alle Operanden haben gleich viele Stellen</translation>
    </message>
    <message>
        <source>How numbers are written: reversed puts the least significant digit first, scratchpad shows the working digit by digit</source>
        <translation>Schreibweise der Zahlen: reversed stellt die niedrigste Stelle voran, scratchpad zeigt die Rechnung Stelle für Stelle</translation>
    </message>
    <message>
        <source>In the reversed formats, write the operands least significant digit first as well</source>
        <translation>In den umgekehrten Schreibweisen auch die Operanden mit der niedrigsten Stelle zuerst schreiben</translation>
    </message>
    <message>
        <source>Products of two natural numbers, plain or reversed, with or without long multiplication</source>
        <translation>Produkte zweier natürlicher Zahlen, geradeaus oder umgekehrt, mit oder ohne schriftliche Multiplikation</translation>
    </message>
    <message>
        <source>Fewest digits of the longer operand</source>
        <translation>Wenigste Stellen des längeren Operanden</translation>
    </message>
    <message>
        <source>Most digits of the longer operand</source>
        <translation>Meiste Stellen des längeren Operanden</translation>
    </message>
    <message>
        <source>Both operands have the same number of digits</source>
        <translation>Beide Operanden haben gleich viele Stellen</translation>
    </message>
    <message>
        <source>Parenthesised arithmetic expressions, worked one operation at a time</source>
        <translation>Geklammerte Rechenausdrücke, Rechenschritt für Rechenschritt ausgearbeitet</translation>
    </message>
    <message>
        <source>Least nesting: operations on the longest path</source>
        <translation>Geringste Tiefe: Rechenschritte auf dem längsten Pfad</translation>
    </message>
    <message>
        <source>Most nesting: operations on the longest path</source>
        <translation>Größte Tiefe: Rechenschritte auf dem längsten Pfad</translation>
    </message>
    <message>
        <source>Most operations in an expression</source>
        <translation>Meiste Rechenschritte in einem Ausdruck</translation>
    </message>
    <message>
        <source>Results are taken modulo this number; 0: ordinary integers</source>
        <translation>Ergebnisse gelten modulo dieser Zahl; 0: gewöhnliche ganze Zahlen</translation>
    </message>
    <message>
        <source>Largest number in an expression over the integers</source>
        <translation>Größte Zahl in einem Ausdruck über den ganzen Zahlen</translation>
    </message>
    <message>
        <source>Operations to draw from</source>
        <translation>Rechenarten, aus denen gezogen wird</translation>
    </message>
    <message>
        <source>Chains of modular operations, worked from left to right</source>
        <translation>Ketten modularer Rechenschritte, von links nach rechts ausgearbeitet</translation>
    </message>
    <message>
        <source>Results are taken modulo this number</source>
        <translation>Ergebnisse gelten modulo dieser Zahl</translation>
    </message>
    <message>
        <source>Fewest operations in a chain</source>
        <translation>Wenigste Rechenschritte in einer Kette</translation>
    </message>
    <message>
        <source>Most operations in a chain</source>
        <translation>Meiste Rechenschritte in einer Kette</translation>
    </message>
    <message>
        <source>Reach a target with each of the given numbers exactly once; verified by exact arithmetic</source>
        <translation>Ein Ziel mit jeder gegebenen Zahl genau einmal erreichen; durch exakte Rechnung geprüft</translation>
    </message>
    <message>
        <source>Fewest numbers given</source>
        <translation>Wenigste gegebene Zahlen</translation>
    </message>
    <message>
        <source>Most numbers given</source>
        <translation>Meiste gegebene Zahlen</translation>
    </message>
    <message>
        <source>Largest number given</source>
        <translation>Größte gegebene Zahl</translation>
    </message>
    <message>
        <source>Largest target, and largest number on the way to it</source>
        <translation>Größtes Ziel und größte Zahl auf dem Weg dahin</translation>
    </message>
    <message>
        <source>Propositional formulas, worked one operation at a time; half of them are true</source>
        <translation>Aussagenlogische Formeln, Schritt für Schritt ausgearbeitet; die Hälfte ist wahr</translation>
    </message>
    <message>
        <source>Negate some operands with !</source>
        <translation>Manche Operanden mit ! verneinen</translation>
    </message>
    <message>
        <source>Lists of digits, sorted by taking the smallest again and again</source>
        <translation>Listen von Ziffern, sortiert durch wiederholtes Entnehmen der kleinsten</translation>
    </message>
    <message>
        <source>Fewest digits in a list</source>
        <translation>Wenigste Ziffern in einer Liste</translation>
    </message>
    <message>
        <source>Most digits in a list</source>
        <translation>Meiste Ziffern in einer Liste</translation>
    </message>
    <message>
        <source>Your own examples, as JSONL.</source>
        <translation>Eigene Beispiele als JSONL.</translation>
    </message>
    <message>
        <source>A JSONL file of your own, one example a line.</source>
        <translation>Eine eigene JSONL-Datei, ein Beispiel je Zeile.</translation>
    </message>
    <message>
        <source>The file; relative to the configuration&apos;s folder.</source>
        <translation>Die Datei; relativ zum Ordner der Konfiguration.</translation>
    </message>
    <message>
        <source>Key of the prompt; empty: recognised (prompt, problem, question …).</source>
        <translation>Schlüssel der Aufgabe; leer: wird erkannt (prompt, problem, question …).</translation>
    </message>
    <message>
        <source>Key of the completion; empty: recognised (completion, solution …).</source>
        <translation>Schlüssel der Antwort; leer: wird erkannt (completion, solution …).</translation>
    </message>
    <message>
        <source>Key of the reference answer; empty: recognised (answer …).</source>
        <translation>Schlüssel der Referenzantwort; leer: wird erkannt (answer …).</translation>
    </message>
    <message>
        <source>Share of the rows kept for evaluation, chosen by a hash of the prompt.</source>
        <translation>Anteil der Zeilen, der für die Auswertung bleibt, nach einer Streuung der Aufgabe gewählt.</translation>
    </message>
    <message>
        <source>Writes messages by the start checkpoint&apos;s chat template: auto (where it has one), always (plain prompts become a user&apos;s message) or none (User: … Assistant: …).</source>
        <translation>Schreibt Nachrichten nach der Chat-Vorlage des Start-Checkpoints: auto (wo er eine hat), always (bloße Aufgaben werden zur Nachricht eines Nutzers) oder none (User: … Assistant: …).</translation>
    </message>
    <message>
        <source>How an answer is compared with the reference: math (1/2, 0.5 and \frac{1}{2} are the same; see retort-cli verify-answers) or exact (the same text or number).</source>
        <translation>Wie eine Antwort mit der Referenz verglichen wird: math (1/2, 0.5 und \frac{1}{2} sind dasselbe; siehe retort-cli verify-answers) oder exact (derselbe Text oder dieselbe Zahl).</translation>
    </message>
    <message>
        <source>Optimizer steps.</source>
        <translation>Optimierungsschritte.</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Sequences an accumulation step.</source>
        <translation>Sequenzen je Teilschritt.</translation>
    </message>
    <message>
        <source>sequences</source>
        <translation>Sequenzen</translation>
    </message>
    <message>
        <source>Longer examples are dropped, and counted.</source>
        <translation>Längere Beispiele fallen weg und werden gezählt.</translation>
    </message>
    <message>
        <source>Batches whose gradients are summed for an optimizer step.</source>
        <translation>Stapel, deren Gradienten für einen Optimierungsschritt summiert werden.</translation>
    </message>
    <message>
        <source>Peak learning rate of AdamW.</source>
        <translation>Höchste Lernrate von AdamW.</translation>
    </message>
    <message>
        <source>Optimisation</source>
        <translation>Optimierung</translation>
    </message>
    <message>
        <source>Course of the learning rate after the warm-up; wsd: constant, then a decay at the end.</source>
        <translation>Verlauf der Lernrate nach dem Anlauf; wsd: konstant, am Ende abfallend.</translation>
    </message>
    <message>
        <source>Steps in which the learning rate rises from 0.</source>
        <translation>Schritte, in denen die Lernrate von 0 steigt.</translation>
    </message>
    <message>
        <source>Final learning rate as a share of the peak.</source>
        <translation>Letzte Lernrate als Anteil der höchsten.</translation>
    </message>
    <message>
        <source>wsd: share of the steps that decays at the end.</source>
        <translation>wsd: Anteil der Schritte, die am Ende abfallen.</translation>
    </message>
    <message>
        <source>Decoupled weight decay.</source>
        <translation>Entkoppelter Gewichtszerfall.</translation>
    </message>
    <message>
        <source>AdamW&apos;s first moment decay.</source>
        <translation>Zerfall des ersten Moments von AdamW.</translation>
    </message>
    <message>
        <source>AdamW&apos;s second moment decay.</source>
        <translation>Zerfall des zweiten Moments von AdamW.</translation>
    </message>
    <message>
        <source>AdamW&apos;s epsilon.</source>
        <translation>Epsilon von AdamW.</translation>
    </message>
    <message>
        <source>Gradients are clipped to this norm; 0: never.</source>
        <translation>Gradienten werden auf diese Norm gekappt; 0: nie.</translation>
    </message>
    <message>
        <source>LoRA</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>Rank of a low-rank adapter that is trained instead of the weights; 0: the weights are trained.</source>
        <translation>Rang eines niedrigrangigen Adapters, der statt der Gewichte trainiert wird; 0: die Gewichte werden trainiert.</translation>
    </message>
    <message>
        <source>The adapter is scaled by alpha / r.</source>
        <translation>Der Adapter wird mit alpha / r skaliert.</translation>
    </message>
    <message>
        <source>Dropout before the adapter, in training only; above 0 the slower forward pass is used.</source>
        <translation>Dropout vor dem Adapter, nur im Training; über 0 wird der langsamere Vorwärtsdurchlauf benutzt.</translation>
    </message>
    <message>
        <source>Projections that get an adapter: q_proj, down_proj …; all-linear: every one in the layers.</source>
        <translation>Projektionen, die einen Adapter bekommen: q_proj, down_proj …; all-linear: alle in den Schichten.</translation>
    </message>
    <message>
        <source>Scales by alpha / sqrt(r): rank-stabilised LoRA.</source>
        <translation>Skaliert mit alpha / sqrt(r): rangstabilisiertes LoRA.</translation>
    </message>
    <message>
        <source>Folder of a PEFT adapter to go on with, whose rank and modules then hold; empty: a new one.</source>
        <translation>Ordner eines PEFT-Adapters, mit dem es weitergeht, dessen Rang und Module dann gelten; leer: ein neuer.</translation>
    </message>
    <message>
        <source>auto: the GPU where there is one and LibTorch can use it.</source>
        <translation>auto: die GPU, wo es eine gibt und LibTorch sie benutzen kann.</translation>
    </message>
    <message>
        <source>Computes layers again in the backward pass instead of keeping them: less memory, a third more time.</source>
        <translation>Berechnet Schichten im Rückwärtsdurchlauf neu, statt sie zu behalten: weniger Speicher, ein Drittel mehr Zeit.</translation>
    </message>
    <message>
        <source>Weights that completions are sampled with; bf16: half the memory, not quite the trained policy.</source>
        <translation>Gewichte, mit denen Vervollständigungen gezogen werden; bf16: halber Speicher, nicht ganz die trainierte Policy.</translation>
    </message>
    <message>
        <source>auto: bf16 mixed precision where a short measurement at the start shows that it is faster.</source>
        <translation>auto: gemischte Genauigkeit mit bf16, wo eine kurze Messung am Anfang zeigt, dass sie schneller ist.</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>Rechner</translation>
    </message>
    <message>
        <source>Threads of the trainer; 0: chosen by the machine&apos;s load.</source>
        <translation>Threads des Trainers; 0: nach der Last des Rechners gewählt.</translation>
    </message>
    <message>
        <source>threads</source>
        <translation>Threads</translation>
    </message>
    <message>
        <source>Metrics are logged every n-th step.</source>
        <translation>Messwerte werden bei jedem n-ten Schritt geschrieben.</translation>
    </message>
    <message>
        <source>Logging and checkpoints</source>
        <translation>Protokoll und Kontrollpunkte</translation>
    </message>
    <message>
        <source>A checkpoint every n-th step; 0: at the end only.</source>
        <translation>Ein Kontrollpunkt bei jedem n-ten Schritt; 0: nur am Ende.</translation>
    </message>
    <message>
        <source>Older checkpoints are removed beyond this number; 0: all are kept.</source>
        <translation>Ältere Kontrollpunkte über diese Anzahl hinaus werden entfernt; 0: alle bleiben.</translation>
    </message>
    <message>
        <source>Evaluates on held-out problems every n-th step; 0: at the end only.</source>
        <translation>Auswertung an Testaufgaben bei jedem n-ten Schritt; 0: nur am Ende.</translation>
    </message>
    <message>
        <source>Evaluation</source>
        <translation>Auswertung</translation>
    </message>
    <message>
        <source>Held-out problems a task.</source>
        <translation>Testaufgaben je Aufgabenart.</translation>
    </message>
    <message>
        <source>problems</source>
        <translation>Aufgaben</translation>
    </message>
    <message>
        <source>Completions a problem.</source>
        <translation>Antworten je Aufgabe.</translation>
    </message>
    <message>
        <source>Sampling temperature; 0: greedy.</source>
        <translation>Temperatur der Stichprobe; 0: stets das Wahrscheinlichste.</translation>
    </message>
    <message>
        <source>The k of pass@k, by the unbiased estimator.</source>
        <translation>Das k von pass@k, mit dem erwartungstreuen Schätzer.</translation>
    </message>
    <message>
        <source>Longest completion.</source>
        <translation>Längste Antwort.</translation>
    </message>
    <message>
        <source>Traces kept of each task and evaluation.</source>
        <translation>Behaltene Spuren je Aufgabe und Auswertung.</translation>
    </message>
    <message>
        <source>Keeps each token&apos;s log-probability and entropy.</source>
        <translation>Behält Log-Wahrscheinlichkeit und Entropie jedes Tokens.</translation>
    </message>
    <message>
        <source>Traces</source>
        <translation>Spuren</translation>
    </message>
    <message>
        <source>Supervised fine-tuning: learns the completions of examples.</source>
        <translation>Überwachtes Feintuning: lernt die Antworten von Beispielen.</translation>
    </message>
    <message>
        <source>The prompt&apos;s tokens bear no loss.</source>
        <translation>Die Token der Aufgabe tragen keinen Verlust.</translation>
    </message>
    <message>
        <source>Reinforcement learning with verifiable rewards: groups of completions, judged and compared.</source>
        <translation>Bestärkendes Lernen mit prüfbaren Belohnungen: Gruppen von Antworten, beurteilt und verglichen.</translation>
    </message>
    <message>
        <source>Parts into which a step&apos;s completions are split to need less memory.</source>
        <translation>Teile, in die die Antworten eines Schrittes zerlegt werden, um weniger Speicher zu brauchen.</translation>
    </message>
    <message>
        <source>Prompts a step.</source>
        <translation>Aufgaben je Schritt.</translation>
    </message>
    <message>
        <source>GRPO</source>
        <translation>GRPO</translation>
    </message>
    <message>
        <source>prompts</source>
        <translation>Aufgaben</translation>
    </message>
    <message>
        <source>Completions a prompt: the group in which rewards are compared.</source>
        <translation>Antworten je Aufgabe: die Gruppe, in der Belohnungen verglichen werden.</translation>
    </message>
    <message>
        <source>Optimizer passes over each step&apos;s completions.</source>
        <translation>Optimierungsdurchgänge über die Antworten eines Schrittes.</translation>
    </message>
    <message>
        <source>Sampling temperature.</source>
        <translation>Temperatur der Stichprobe.</translation>
    </message>
    <message>
        <source>Nucleus sampling; 1: off.</source>
        <translation>Nucleus-Sampling; 1: aus.</translation>
    </message>
    <message>
        <source>Samples from the k likeliest tokens; 0: from all.</source>
        <translation>Zieht aus den k wahrscheinlichsten Token; 0: aus allen.</translation>
    </message>
    <message>
        <source>Terms of the reward, summed by weight; empty: correctness alone.</source>
        <translation>Terme der Belohnung, nach Gewicht summiert; leer: allein die Richtigkeit.</translation>
    </message>
    <message>
        <source>1 when the answer is right, else 0.</source>
        <translation>1, wenn die Antwort richtig ist, sonst 0.</translation>
    </message>
    <message>
        <source>Factor of this term; negative punishes.</source>
        <translation>Faktor dieses Terms; negativ bestraft er.</translation>
    </message>
    <message>
        <source>1 when the completion is well formed: a bare answer, or one closed think region and an answer.</source>
        <translation>1, wenn die Antwort wohlgeformt ist: bloß die Antwort, oder ein geschlossener Denkteil und die Antwort.</translation>
    </message>
    <message>
        <source>1 when the completion shows its working.</source>
        <translation>1, wenn die Antwort ausgearbeitet ist.</translation>
    </message>
    <message>
        <source>Share of the reasoning steps that the task&apos;s checker finds right.</source>
        <translation>Anteil der Denkschritte, die der Prüfer der Aufgabe richtig findet.</translation>
    </message>
    <message>
        <source>Soft overlong punishment (DAPO): 0 up to max_length - cache, falling to -1 at max_length and beyond.</source>
        <translation>Weiche Strafe für Überlänge (DAPO): 0 bis max_length − cache, fallend bis −1 bei max_length und darüber.</translation>
    </message>
    <message>
        <source>Length from which the punishment is whole.</source>
        <translation>Länge, ab der die Strafe voll ist.</translation>
    </message>
    <message>
        <source>Length of the stretch before max_length in which it grows.</source>
        <translation>Länge der Strecke vor max_length, auf der sie wächst.</translation>
    </message>
    <message>
        <source>Advantages are divided by the standard deviation of the group, of the batch, or not.</source>
        <translation>Vorteile werden durch die Standardabweichung der Gruppe oder des Stapels geteilt oder nicht.</translation>
    </message>
    <message>
        <source>Lower clip range of the probability ratio.</source>
        <translation>Untere Kappung des Wahrscheinlichkeitsverhältnisses.</translation>
    </message>
    <message>
        <source>Upper clip range; above epsilon: clip-higher (DAPO).</source>
        <translation>Obere Kappung; über epsilon: clip-higher (DAPO).</translation>
    </message>
    <message>
        <source>Weight of the KL to the start policy; 0: no reference is kept.</source>
        <translation>Gewicht der KL zur Anfangspolicy; 0: keine Referenz wird gehalten.</translation>
    </message>
    <message>
        <source>Estimator of the KL.</source>
        <translation>Schätzer der KL.</translation>
    </message>
    <message>
        <source>Completions that were cut off bear no loss.</source>
        <translation>Abgeschnittene Antworten tragen keinen Verlust.</translation>
    </message>
    <message>
        <source>Refuses a start policy that succeeds less often than this: it would collapse, not learn.</source>
        <translation>Weist eine Anfangspolicy ab, die seltener als so oft Erfolg hat: Sie bräche zusammen, statt zu lernen.</translation>
    </message>
    <message>
        <source>Keeps rollouts of every n-th step.</source>
        <translation>Behält Antworten jedes n-ten Schrittes.</translation>
    </message>
    <message>
        <source>How many prompts&apos; groups of such a step; 0: none.</source>
        <translation>Die Gruppen wie vieler Aufgaben eines solchen Schrittes; 0: keine.</translation>
    </message>
    <message>
        <source>Cross entropy, the same weighted by the token&apos;s probability (DFT), or pass@N of the completion (DCO).</source>
        <translation>Kreuzentropie, dieselbe gewichtet mit der Wahrscheinlichkeit des Tokens (DFT), oder pass@N der Antwort (DCO).</translation>
    </message>
    <message>
        <source>dco: samples of which one is to be right.</source>
        <translation>dco: Stichproben, von denen eine richtig sein soll.</translation>
    </message>
    <message>
        <source>Share of the completion&apos;s tokens that are masked in the input, while all are learned (MFT).</source>
        <translation>Anteil der Token der Antwort, die in der Eingabe maskiert sind, während alle gelernt werden (MFT).</translation>
    </message>
    <message>
        <source>Steps in which this share rises from 0.</source>
        <translation>Schritte, in denen dieser Anteil von 0 steigt.</translation>
    </message>
    <message>
        <source>Supervised fine-tuning</source>
        <translation>Überwachtes Feintuning</translation>
    </message>
    <message>
        <source>Checkpoint to learn from; its tokenizer must be the student&apos;s.</source>
        <translation>Checkpoint, von dem gelernt wird; sein Tokenizer muss der des Schülers sein.</translation>
    </message>
    <message>
        <source>Weight of the teacher; what is left to 1 is that of the cross entropy.</source>
        <translation>Gewicht des Lehrers; was zu 1 fehlt, ist das der Kreuzentropie.</translation>
    </message>
    <message>
        <source>0: KL(teacher, student), 1: KL(student, teacher), between: generalised Jensen-Shannon.</source>
        <translation>0: KL(Lehrer, Schüler), 1: KL(Schüler, Lehrer), dazwischen: verallgemeinerte Jensen-Shannon-Divergenz.</translation>
    </message>
    <message>
        <source>Temperature of both distributions.</source>
        <translation>Temperatur beider Verteilungen.</translation>
    </message>
    <message>
        <source>The distance is multiplied by the temperature&apos;s square, so that gradients keep their size.</source>
        <translation>Der Abstand wird mit dem Quadrat der Temperatur multipliziert, damit die Gradienten ihre Größe behalten.</translation>
    </message>
    <message>
        <source>The teacher&apos;s k likeliest tokens, and one number for the rest; 0: its whole distribution.</source>
        <translation>Die k wahrscheinlichsten Token des Lehrers und eine Zahl für den Rest; 0: seine ganze Verteilung.</translation>
    </message>
    <message>
        <source>Keeps the top_k in this folder (relative: in the run&apos;s), to be read again instead of computed.</source>
        <translation>Hebt die top_k in diesem Ordner auf (relativ: in dem des Laufs), um sie wieder zu lesen statt zu berechnen.</translation>
    </message>
    <message>
        <source>Distillation samples</source>
        <translation>Stichproben der Destillation</translation>
    </message>
    <message>
        <source>Share of the steps that learn from the student&apos;s own samples: on-policy.</source>
        <translation>Anteil der Schritte, die von den eigenen Stichproben des Schülers lernen: on-policy.</translation>
    </message>
    <message>
        <source>The teacher&apos;s samples take the place of the examples&apos; completions.</source>
        <translation>Die Stichproben des Lehrers treten an die Stelle der Antworten in den Beispielen.</translation>
    </message>
    <message>
        <source>The teacher&apos;s samples of a prompt.</source>
        <translation>Stichproben des Lehrers je Prompt.</translation>
    </message>
    <message>
        <source>Which of the teacher&apos;s samples are learned: all, those that are right, the shortest right one.</source>
        <translation>Welche Stichproben des Lehrers gelernt werden: alle, die richtigen, die kürzeste richtige.</translation>
    </message>
    <message>
        <source>Distillation selection</source>
        <translation>Auswahl der Destillation</translation>
    </message>
    <message>
        <source>Share of the examples that is kept; needs tasks with a number of examples.</source>
        <translation>Anteil der Beispiele, der behalten wird; braucht Aufgaben mit einer Anzahl von Beispielen.</translation>
    </message>
    <message>
        <source>Which are kept: a random choice, those of the highest loss, of the highest error norm, or those most often forgotten.</source>
        <translation>Welche behalten werden: eine zufällige Wahl, die mit dem höchsten Verlust, mit der höchsten Fehlernorm oder die am häufigsten vergessenen.</translation>
    </message>
    <message>
        <source>A copy of the student learns from all examples for so long before they are scored.</source>
        <translation>So lange lernt eine Kopie des Schülers aus allen Beispielen, bevor sie bewertet werden.</translation>
    </message>
    <message>
        <source>Next steps that beam search samples for each solution that it keeps.</source>
        <translation>Nächste Schritte, die die Strahlsuche für jede behaltene Lösung zieht.</translation>
    </message>
    <message>
        <source>error_injection: share of the pairs that are right and wrong samples of the policy.</source>
        <translation>error_injection: Anteil der Paare aus richtigen und falschen Stichproben der Policy selbst.</translation>
    </message>
    <message>
        <source>first_bad_step: a step is bad by the task&apos;s checker, or because completions from its end succeed less often.</source>
        <translation>first_bad_step: Ein Schritt ist schlecht laut Prüfer der Aufgabe, oder weil Vervollständigungen ab seinem Ende seltener gelingen.</translation>
    </message>
    <message>
        <source>monte_carlo: completions from the end of each step.</source>
        <translation>monte_carlo: Vervollständigungen ab dem Ende jedes Schritts.</translation>
    </message>
    <message>
        <source>monte_carlo: the bad step is the first that lowers the rate of success by as much.</source>
        <translation>monte_carlo: Der schlechte Schritt ist der erste, der die Erfolgsrate um so viel senkt.</translation>
    </message>
    <message>
        <source>Folder of an earlier run: the fixed prompts are those whose rewards varied most over its steps; empty: by number.</source>
        <translation>Ordner eines früheren Laufs: Die festen Prompts sind die, deren Belohnungen über seine Schritte am stärksten schwankten; leer: nach Nummer.</translation>
    </message>
    <message>
        <source>-1 when more than max_share of the characters are ones that no answer to the prompt needs: control and undefined characters, broken UTF-8, letters of a script that the prompt does not use (#80).</source>
        <translation>-1, wenn mehr als max_share der Zeichen solche sind, die keine Antwort auf den Prompt braucht: Steuer- und undefinierte Zeichen, fehlerhaftes UTF-8, Buchstaben einer Schrift, die der Prompt nicht verwendet (#80).</translation>
    </message>
    <message>
        <source>Share of such characters that goes unpunished.</source>
        <translation>Anteil solcher Zeichen, der ungestraft bleibt.</translation>
    </message>
    <message>
        <source>Share of the tokens that bears loss: those at which the student is farthest behind the reference.</source>
        <translation>Anteil der Token, die Verlust tragen: die, bei denen der Schüler am weitesten hinter der Referenz liegt.</translation>
    </message>
    <message>
        <source>Checkpoint of the student&apos;s kind, distilled before on all tokens, for token_share below 1.</source>
        <translation>Checkpoint von der Art des Schülers, zuvor auf allen Token destilliert, für token_share unter 1.</translation>
    </message>
    <message>
        <source>Teacher hacking</source>
        <translation>Überlisten des Lehrers</translation>
    </message>
    <message>
        <source>Checkpoint that the teacher learned from: the distance to it is the one that counts.</source>
        <translation>Checkpoint, von dem der Lehrer gelernt hat: der Abstand zu ihm ist der, der zählt.</translation>
    </message>
    <message>
        <source>Distances to teacher and oracle are measured every n-th step; 0: never.</source>
        <translation>Abstände zu Lehrer und Orakel werden in jedem n-ten Schritt gemessen; 0: nie.</translation>
    </message>
    <message>
        <source>Held-out prompts on which they are measured.</source>
        <translation>Zurückgehaltene Prompts, auf denen sie gemessen werden.</translation>
    </message>
    <message>
        <source>Distillation</source>
        <translation>Destillation</translation>
    </message>
    <message>
        <source>Distillation: learns a teacher&apos;s distribution, token by token.</source>
        <translation>Destillation: lernt die Verteilung eines Lehrers, Token für Token.</translation>
    </message>
    <message>
        <source>A file; a worked example and its copy with one error; right and wrong samples of the policy; its first wrong step and the right one; its shortest right answer and a longer or wrong one.</source>
        <translation>Eine Datei; ein ausgearbeitetes Beispiel und seine Kopie mit einem Fehler; richtige und falsche Stichproben der Policy; ihr erster falscher Schritt und der richtige; ihre kürzeste richtige Antwort und eine längere oder falsche.</translation>
    </message>
    <message>
        <source>JSONL of prompt, completion, label, or of prompt, chosen, rejected.</source>
        <translation>JSONL aus prompt, completion, label oder aus prompt, chosen, rejected.</translation>
    </message>
    <message>
        <source>JSONL of prompt, chosen, rejected.</source>
        <translation>JSONL aus prompt, chosen, rejected.</translation>
    </message>
    <message>
        <source>The policy is sampled for new pairs every n-th step; 1: on-policy.</source>
        <translation>Die Policy wird in jedem n-ten Schritt für neue Paare befragt; 1: on-policy.</translation>
    </message>
    <message>
        <source>Prompts that are sampled for each round of pairs.</source>
        <translation>Prompts, die für jede Runde von Paaren beantwortet werden.</translation>
    </message>
    <message>
        <source>Completions a prompt.</source>
        <translation>Antworten je Prompt.</translation>
    </message>
    <message>
        <source>Losses that are added up; sft: the cross entropy of the chosen completions.</source>
        <translation>Verluste, die addiert werden; sft: die Kreuzentropie der bevorzugten Antworten.</translation>
    </message>
    <message>
        <source>Weight of each loss; empty: 1 each.</source>
        <translation>Gewicht jedes Verlusts; leer: je 1.</translation>
    </message>
    <message>
        <source>How closely the policy is held to the reference.</source>
        <translation>Wie eng die Policy an der Referenz gehalten wird.</translation>
    </message>
    <message>
        <source>Share of pairs that are taken to be the wrong way round (robust, exo_pair, aot).</source>
        <translation>Anteil der Paare, die als vertauscht gelten (robust, exo_pair, aot).</translation>
    </message>
    <message>
        <source>Temperature of discopop.</source>
        <translation>Temperatur von discopop.</translation>
    </message>
    <message>
        <source>The reference&apos;s log-probabilities of a file&apos;s pairs are computed once, at the start.</source>
        <translation>Die Log-Wahrscheinlichkeiten der Referenz für die Paare einer Datei werden einmal, am Anfang, berechnet.</translation>
    </message>
    <message>
        <source>The reference follows the policy (TR-DPO; with mixup 1, iterative DPO).</source>
        <translation>Die Referenz folgt der Policy (TR-DPO; mit Anteil 1 iteratives DPO).</translation>
    </message>
    <message>
        <source>Share of the policy in the reference at each synchronisation.</source>
        <translation>Anteil der Policy an der Referenz bei jedem Abgleich.</translation>
    </message>
    <message>
        <source>Steps from one synchronisation to the next.</source>
        <translation>Schritte von einem Abgleich zum nächsten.</translation>
    </message>
    <message>
        <source>Scale of the length-normalised rewards.</source>
        <translation>Maßstab der längennormierten Belohnungen.</translation>
    </message>
    <message>
        <source>Margin by which the chosen reward is to lead.</source>
        <translation>Abstand, um den die Belohnung der bevorzugten Antwort führen soll.</translation>
    </message>
    <message>
        <source>Weight of the cross entropy of the chosen completions; above 0: CPO-SimPO.</source>
        <translation>Gewicht der Kreuzentropie der bevorzugten Antworten; über 0: CPO-SimPO.</translation>
    </message>
    <message>
        <source>Share of pairs that are taken to be the wrong way round.</source>
        <translation>Anteil der Paare, die als vertauscht gelten.</translation>
    </message>
    <message>
        <source>Weight of the odds ratio beside the cross entropy.</source>
        <translation>Gewicht des Quotenverhältnisses neben der Kreuzentropie.</translation>
    </message>
    <message>
        <source>Values are measured from the policy&apos;s KL, or from 0.</source>
        <translation>Werte werden vom KL der Policy aus gemessen oder von 0.</translation>
    </message>
    <message>
        <source>Weight of the good completions.</source>
        <translation>Gewicht der guten Antworten.</translation>
    </message>
    <message>
        <source>Weight of the bad completions.</source>
        <translation>Gewicht der schlechten Antworten.</translation>
    </message>
    <message>
        <source>Weight of the chosen completions&apos; mean log-probability.</source>
        <translation>Gewicht der mittleren Log-Wahrscheinlichkeit der bevorzugten Antworten.</translation>
    </message>
    <message>
        <source>Weight of the rejected ones&apos;; 1 is symmetric and unstable.</source>
        <translation>Gewicht der der abgelehnten; 1 ist symmetrisch und instabil.</translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation>Präferenzen</translation>
    </message>
    <message>
        <source>DPO</source>
        <translation>DPO</translation>
    </message>
    <message>
        <source>SimPO</source>
        <translation>SimPO</translation>
    </message>
    <message>
        <source>ORPO</source>
        <translation>ORPO</translation>
    </message>
    <message>
        <source>KTO</source>
        <translation>KTO</translation>
    </message>
    <message>
        <source>REDI</source>
        <translation>REDI</translation>
    </message>
    <message>
        <source>Direct preference optimisation: pairs, against a frozen reference.</source>
        <translation>Direkte Präferenzoptimierung: Paare, gegen eine eingefrorene Referenz.</translation>
    </message>
    <message>
        <source>SimPO: pairs by their mean log-probability, without a reference.</source>
        <translation>SimPO: Paare nach ihrer mittleren Log-Wahrscheinlichkeit, ohne Referenz.</translation>
    </message>
    <message>
        <source>ORPO: cross entropy and an odds ratio at once, without a reference.</source>
        <translation>ORPO: Kreuzentropie und Quotenverhältnis zugleich, ohne Referenz.</translation>
    </message>
    <message>
        <source>KTO: single completions that are good or bad, against a frozen reference.</source>
        <translation>KTO: einzelne Antworten, die gut oder schlecht sind, gegen eine eingefrorene Referenz.</translation>
    </message>
    <message>
        <source>REDI&apos;s second stage: likelier right traces, less likely wrong ones.</source>
        <translation>Die zweite Stufe von REDI: richtige Lösungswege wahrscheinlicher, falsche unwahrscheinlicher.</translation>
    </message>
    <message>
        <source>Pairs an accumulation step.</source>
        <translation>Paare je Akkumulationsschritt.</translation>
    </message>
    <message>
        <source>pairs</source>
        <translation>Paare</translation>
    </message>
    <message>
        <source>Prompts of each round of pairs whose samples are kept.</source>
        <translation>Prompts jeder Runde von Paaren, deren Stichproben aufgehoben werden.</translation>
    </message>
    <message>
        <source>Different training problems; 0: as many as there are.</source>
        <translation>Verschiedene Trainingsaufgaben; 0: so viele, wie es gibt.</translation>
    </message>
    <message>
        <source>Right answers earn more when short, wrong ones lose less when long, along half a cosine (#100).</source>
        <translation>Richtige Antworten bringen kurz mehr, falsche verlieren lang weniger, entlang eines halben Kosinus (#100).</translation>
    </message>
    <message>
        <source>Length at which the cosine ends.</source>
        <translation>Länge, bei der der Kosinus endet.</translation>
    </message>
    <message>
        <source>Of wrong answers of length 0.</source>
        <translation>Für falsche Antworten der Länge 0.</translation>
    </message>
    <message>
        <source>Of wrong answers of max_length.</source>
        <translation>Für falsche Antworten der Länge max_length.</translation>
    </message>
    <message>
        <source>Of right answers of max_length.</source>
        <translation>Für richtige Antworten der Länge max_length.</translation>
    </message>
    <message>
        <source>Of right answers of length 0.</source>
        <translation>Für richtige Antworten der Länge 0.</translation>
    </message>
    <message>
        <source>Of completions that were cut off.</source>
        <translation>Für abgeschnittene Antworten.</translation>
    </message>
    <message>
        <source>0.5 for the shortest of the group down to -0.5 for the longest; wrong answers never earn (#110).</source>
        <translation>0,5 für die kürzeste der Gruppe bis -0,5 für die längste; falsche Antworten bringen nie etwas (#110).</translation>
    </message>
    <message>
        <source>Step before which the term is 0.</source>
        <translation>Schritt, vor dem der Term 0 ist.</translation>
    </message>
    <message>
        <source>Needs no labels (#36): 1 when well formed, plus a length term that is largest at a share of max_length.</source>
        <translation>Braucht keine Lösungen (#36): 1 bei guter Form, dazu ein Längenterm, der bei einem Anteil von max_length am größten ist.</translation>
    </message>
    <message>
        <source>Length at which the length term is -1.</source>
        <translation>Länge, bei der der Längenterm -1 ist.</translation>
    </message>
    <message>
        <source>Share of max_length at which the length term is 1.</source>
        <translation>Anteil von max_length, bei dem der Längenterm 1 ist.</translation>
    </message>
    <message>
        <source>max_penalty times the share of n-grams of tokens that came before.</source>
        <translation>max_penalty mal dem Anteil der Token-n-Gramme, die schon vorkamen.</translation>
    </message>
    <message>
        <source>Tokens of an n-gram.</source>
        <translation>Token eines n-Gramms.</translation>
    </message>
    <message>
        <source>When nothing but repetition is left.</source>
        <translation>Wenn nur noch Wiederholung übrig ist.</translation>
    </message>
    <message>
        <source>per_step for each different step beyond the free ones, up to the cap, right or wrong (#61).</source>
        <translation>per_step für jeden anderen Schritt über die freien hinaus, bis zur Grenze, ob richtig oder falsch (#61).</translation>
    </message>
    <message>
        <source>For each step.</source>
        <translation>Für jeden Schritt.</translation>
    </message>
    <message>
        <source>Different steps that earn nothing.</source>
        <translation>Verschiedene Schritte, die nichts bringen.</translation>
    </message>
    <message>
        <source>The most that it can add.</source>
        <translation>Das Meiste, das er beitragen kann.</translation>
    </message>
    <message>
        <source>A trained reward model&apos;s word on the whole completion.</source>
        <translation>Das Urteil eines trainierten Belohnungsmodells über die ganze Antwort.</translation>
    </message>
    <message>
        <source>Its checkpoint (recipe reward_model).</source>
        <translation>Sein Checkpoint (Rezept reward_model).</translation>
    </message>
    <message>
        <source>A process reward model&apos;s words on the steps, bounded against empty steps (#92).</source>
        <translation>Die Urteile eines Prozess-Belohnungsmodells über die Schritte, gegen leere Schritte begrenzt (#92).</translation>
    </message>
    <message>
        <source>Its checkpoint (recipe prm).</source>
        <translation>Sein Checkpoint (Rezept prm).</translation>
    </message>
    <message>
        <source>clip: min(q - eta, 0), so that no step earns; delta: q less the next one&apos;s, so that they do not add up.</source>
        <translation>clip: min(q - eta, 0), sodass kein Schritt etwas bringt; delta: q minus das des nächsten, sodass sie sich nicht summieren.</translation>
    </message>
    <message>
        <source>clip: probability from which a step costs nothing.</source>
        <translation>clip: Wahrscheinlichkeit, ab der ein Schritt nichts kostet.</translation>
    </message>
    <message>
        <source>Trains on this many prompts again and again (1: one-shot RLVR); 0: on all.</source>
        <translation>Trainiert immer wieder mit so vielen Aufgaben (1: One-Shot-RLVR); 0: mit allen.</translation>
    </message>
    <message>
        <source>Number of the first of the fixed prompts.</source>
        <translation>Nummer der ersten dieser Aufgaben.</translation>
    </message>
    <message>
        <source>Refuses whatever would train on completions of an older policy.</source>
        <translation>Weist alles ab, was mit Antworten einer älteren Policy trainieren würde.</translation>
    </message>
    <message>
        <source>Longest completion in each of several stages of equal length; empty: max_completion_length throughout.</source>
        <translation>Längste Antwort in jedem von mehreren gleich langen Abschnitten; leer: durchweg max_completion_length.</translation>
    </message>
    <message>
        <source>Rewards against their group (grpo), its other members (rloo), or the whole batch (REINFORCE++).</source>
        <translation>Belohnungen gegen ihre Gruppe (grpo), deren andere Mitglieder (rloo) oder den ganzen Stapel (REINFORCE++).</translation>
    </message>
    <message>
        <source>Whether terms are summed before they are normalised, or each by itself first (GDPO).</source>
        <translation>Ob die Terme summiert und dann normiert werden oder erst jeder für sich (GDPO).</translation>
    </message>
    <message>
        <source>The token loss, and how it is averaged: by sequence, by the fixed length, or over all tokens.</source>
        <translation>Der Tokenverlust, und wie er gemittelt wird: je Antwort, über die feste Länge oder über alle Token.</translation>
    </message>
    <message>
        <source>Probability ratios of tokens, or of whole completions (GSPO).</source>
        <translation>Wahrscheinlichkeitsverhältnisse der Token oder ganzer Antworten (GSPO).</translation>
    </message>
    <message>
        <source>Upper bound of the ratio where the advantage is negative, above 1 + epsilon_high; 0: none.</source>
        <translation>Obere Grenze des Verhältnisses bei negativem Vorteil, über 1 + epsilon_high; 0: keine.</translation>
    </message>
    <message>
        <source>sapo: sharpness of the gate for positive advantages.</source>
        <translation>sapo: Schärfe des Tors bei positivem Vorteil.</translation>
    </message>
    <message>
        <source>sapo: sharpness of the gate for negative advantages.</source>
        <translation>sapo: Schärfe des Tors bei negativem Vorteil.</translation>
    </message>
    <message>
        <source>Leaves out bad completions that the policy has moved away from by more than this; 0: none.</source>
        <translation>Lässt schlechte Antworten aus, von denen sich die Policy weiter als so entfernt hat; 0: keine.</translation>
    </message>
    <message>
        <source>nats</source>
        <translation>nats</translation>
    </message>
    <message>
        <source>Share of the tokens, those with the highest entropy, that bear the policy loss.</source>
        <translation>Anteil der Token, die mit der höchsten Entropie, die den Policy-Verlust tragen.</translation>
    </message>
    <message>
        <source>Entropy</source>
        <translation>Entropie</translation>
    </message>
    <message>
        <source>Weight of the entropy bonus.</source>
        <translation>Gewicht des Entropiebonus.</translation>
    </message>
    <message>
        <source>Steers the weight of the bonus so that the entropy stays near its target.</source>
        <translation>Steuert das Gewicht des Bonus so, dass die Entropie nahe ihrem Ziel bleibt.</translation>
    </message>
    <message>
        <source>Lowest adaptive weight.</source>
        <translation>Kleinstes gesteuertes Gewicht.</translation>
    </message>
    <message>
        <source>Highest adaptive weight.</source>
        <translation>Größtes gesteuertes Gewicht.</translation>
    </message>
    <message>
        <source>Change of the adaptive weight at each step.</source>
        <translation>Änderung des gesteuerten Gewichts je Schritt.</translation>
    </message>
    <message>
        <source>Entropy of a token under which the bonus is applied and raised.</source>
        <translation>Entropie eines Tokens, unter der der Bonus wirkt und erhöht wird.</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <source>Estimator of the KL; with +, its gradient is that of k2.</source>
        <translation>Schätzer der KL; mit + ist sein Gradient der von k2.</translation>
    </message>
    <message>
        <source>Multiplies the KL by the probability ratio.</source>
        <translation>Multipliziert die KL mit dem Wahrscheinlichkeitsverhältnis.</translation>
    </message>
    <message>
        <source>Steers beta so that the KL of a token comes near this; 0: beta stays.</source>
        <translation>Steuert beta so, dass die KL eines Tokens hierhin kommt; 0: beta bleibt.</translation>
    </message>
    <message>
        <source>Completions over which the steering acts.</source>
        <translation>Antworten, über die die Steuerung wirkt.</translation>
    </message>
    <message>
        <source>The reference follows the policy (a moving anchor).</source>
        <translation>Die Referenz folgt der Policy (ein beweglicher Anker).</translation>
    </message>
    <message>
        <source>Share of the policy in the reference at each synchronisation; 1: all of it.</source>
        <translation>Anteil der Policy an der Referenz bei jedem Abgleich; 1: ganz.</translation>
    </message>
    <message>
        <source>Steps between synchronisations.</source>
        <translation>Schritte zwischen den Abgleichen.</translation>
    </message>
    <message>
        <source>Dynamic sampling</source>
        <translation>Dynamische Auswahl</translation>
    </message>
    <message>
        <source>Dynamic sampling (DAPO): groups that teach nothing are replaced by others.</source>
        <translation>Dynamische Auswahl (DAPO): Gruppen, die nichts lehren, werden durch andere ersetzt.</translation>
    </message>
    <message>
        <source>A group is kept when its rewards differ, or when its accuracy lies in the range below.</source>
        <translation>Eine Gruppe bleibt, wenn sich ihre Belohnungen unterscheiden oder ihre Genauigkeit im Bereich unten liegt.</translation>
    </message>
    <message>
        <source>Lowest accuracy of a kept group; 0 is never kept.</source>
        <translation>Kleinste Genauigkeit einer Gruppe, die bleibt; 0 bleibt nie.</translation>
    </message>
    <message>
        <source>Highest accuracy of a kept group; 1 is never kept.</source>
        <translation>Größte Genauigkeit einer Gruppe, die bleibt; 1 bleibt nie.</translation>
    </message>
    <message>
        <source>Batches of prompts sampled for one step, at most.</source>
        <translation>Höchstens so viele Stapel von Aufgaben für einen Schritt.</translation>
    </message>
    <message>
        <source>Teacher</source>
        <translation>Lehrer</translation>
    </message>
    <message>
        <source>Mixes in supervised steps on worked examples (SASR), the fewer the higher this is; 0: none.</source>
        <translation>Mischt überwachte Schritte mit Rechenweg darunter (SASR), umso weniger, je höher dies ist; 0: keine.</translation>
    </message>
    <message>
        <source>Checkpoint of a teacher of the same vocabulary whose KL is added to the loss (KDRL); empty: none.</source>
        <translation>Checkpoint eines Lehrers mit demselben Vokabular, dessen KL zum Verlust kommt (KDRL); leer: keiner.</translation>
    </message>
    <message>
        <source>Weight of the KL to the teacher at the first step.</source>
        <translation>Gewicht der KL zum Lehrer beim ersten Schritt.</translation>
    </message>
    <message>
        <source>… and at the last step; it changes evenly.</source>
        <translation>… und beim letzten; es ändert sich gleichmäßig.</translation>
    </message>
    <message>
        <source>Estimator of the KL to the teacher; the gradient of k2 is that of the reverse KL.</source>
        <translation>Schätzer der KL zum Lehrer; der Gradient von k2 ist der der umgekehrten KL.</translation>
    </message>
    <message>
        <source>The teacher teaches all completions, the wrong ones, or groups without a right one.</source>
        <translation>Der Lehrer lehrt alle Antworten, die falschen oder Gruppen ohne richtige.</translation>
    </message>
    <message>
        <source>Reinforcement learning with a learned value of each state, and the KL in the reward.</source>
        <translation>Bestärkendes Lernen mit gelerntem Wert jedes Zustands und der KL in der Belohnung.</translation>
    </message>
    <message>
        <source>Passes over each step&apos;s completions.</source>
        <translation>Durchgänge über die Antworten eines Schrittes.</translation>
    </message>
    <message>
        <source>Optimizer steps of a pass.</source>
        <translation>Optimiererschritte eines Durchgangs.</translation>
    </message>
    <message>
        <source>Clip range of the probability ratio.</source>
        <translation>Grenze des Wahrscheinlichkeitsverhältnisses.</translation>
    </message>
    <message>
        <source>Weight of the KL to the start policy in the reward; 0: no reference is kept.</source>
        <translation>Gewicht der KL zur Anfangspolicy in der Belohnung; 0: keine Referenz wird gehalten.</translation>
    </message>
    <message>
        <source>Steers kl_coef so that the KL of a token comes near this; 0: kl_coef stays.</source>
        <translation>Steuert kl_coef so, dass die KL eines Tokens hierhin kommt; 0: kl_coef bleibt.</translation>
    </message>
    <message>
        <source>Scales the tokens&apos; rewards to variance 1.</source>
        <translation>Bringt die Belohnungen der Token auf Varianz 1.</translation>
    </message>
    <message>
        <source>Taken from the score of completions that were cut off.</source>
        <translation>Wird vom Ergebnis abgeschnittener Antworten abgezogen.</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>Werte</translation>
    </message>
    <message>
        <source>Discount of later rewards, a token.</source>
        <translation>Abschlag späterer Belohnungen je Token.</translation>
    </message>
    <message>
        <source>GAE&apos;s λ: 0 trusts the values, 1 the rewards.</source>
        <translation>λ von GAE: 0 traut den Werten, 1 den Belohnungen.</translation>
    </message>
    <message>
        <source>Weight of the value loss.</source>
        <translation>Gewicht des Wertverlusts.</translation>
    </message>
    <message>
        <source>Values move at most this far from the old ones within a step.</source>
        <translation>So weit bewegen sich die Werte innerhalb eines Schrittes höchstens von den alten weg.</translation>
    </message>
    <message>
        <source>Reward model to start the values from; empty: the policy&apos;s weights and a new head.</source>
        <translation>Belohnungsmodell, mit dem die Werte beginnen; leer: die Gewichte der Policy und ein neuer Kopf.</translation>
    </message>
    <message>
        <source>Peak learning rate of the values; 0: that of the policy.</source>
        <translation>Höchste Lernrate der Werte; 0: die der Policy.</translation>
    </message>
    <message>
        <source>First steps, in which only the values learn.</source>
        <translation>Erste Schritte, in denen nur die Werte lernen.</translation>
    </message>
    <message>
        <source>PPO</source>
        <translation>PPO</translation>
    </message>
    <message>
        <source>A process reward model: how likely each step of a solution is right.</source>
        <translation>Ein Prozess-Belohnungsmodell: wie wahrscheinlich jeder Schritt einer Lösung richtig ist.</translation>
    </message>
    <message>
        <source>Process reward model</source>
        <translation>Prozess-Belohnungsmodell</translation>
    </message>
    <message>
        <source>The start policy&apos;s completions, judged by the task&apos;s step checker; or a file in TRL&apos;s stepwise format.</source>
        <translation>Antworten der Anfangspolicy, beurteilt vom Schrittprüfer der Aufgabe; oder eine Datei in TRLs Stepwise-Format.</translation>
    </message>
    <message>
        <source>JSONL with prompt, completions and labels.</source>
        <translation>JSONL mit prompt, completions und labels.</translation>
    </message>
    <message>
        <source>Verdicts on steps at their ends, or the outcome at every token (an outcome value model).</source>
        <translation>Urteile über Schritte an deren Enden, oder das Ergebnis an jedem Token (ein Ergebniswertmodell).</translation>
    </message>
    <message>
        <source>Only the last label of each solution is learnt.</source>
        <translation>Nur das letzte Urteil jeder Lösung wird gelernt.</translation>
    </message>
    <message>
        <source>Prompts to sample from.</source>
        <translation>Aufgaben, zu denen Antworten gezogen werden.</translation>
    </message>
    <message>
        <source>The k of maj@k: the answer that most of k completions give.</source>
        <translation>Die k von maj@k: die Antwort, die die meisten von k Antworten geben.</translation>
    </message>
    <message>
        <source>The N of best-of-N: the verifier&apos;s choice among N completions.</source>
        <translation>Die N von Best-of-N: die Wahl des Verifizierers unter N Antworten.</translation>
    </message>
    <message>
        <source>Checkpoint of a reward model or process reward model that chooses; empty: none.</source>
        <translation>Checkpoint eines Belohnungs- oder Prozess-Belohnungsmodells, das wählt; leer: keines.</translation>
    </message>
    <message>
        <source>A process reward model&apos;s word on a completion: its worst step, its last step, or the product.</source>
        <translation>Das Urteil eines Prozess-Belohnungsmodells über eine Antwort: ihr schlechtester Schritt, ihr letzter oder das Produkt.</translation>
    </message>
    <message>
        <source>Resamples of the problems behind the intervals of several completions a problem.</source>
        <translation>Wiederholte Ziehungen der Aufgaben für die Intervalle bei mehreren Antworten je Aufgabe.</translation>
    </message>
    <message>
        <source>A reward model (Bradley-Terry), trained on pairs of a better and a worse completion.</source>
        <translation>Ein Belohnungsmodell (Bradley-Terry), trainiert mit Paaren aus besserer und schlechterer Antwort.</translation>
    </message>
    <message>
        <source>Reward model</source>
        <translation>Belohnungsmodell</translation>
    </message>
    <message>
        <source>Weight of the squared sum of a pair&apos;s rewards, which centres them at 0; 0: none.</source>
        <translation>Gewicht der quadrierten Summe der Belohnungen eines Paares, die sie um 0 hält; 0: keines.</translation>
    </message>
    <message>
        <source>Puts held-out problems to a checkpoint, and trains nothing.</source>
        <translation>Legt einem Checkpoint zurückgehaltene Aufgaben vor und trainiert nichts.</translation>
    </message>
    <message>
        <source>Checkpoint to evaluate: a folder, &quot;run:&lt;name or id&gt;[@step]&quot;, or &quot;@stage&quot; in a study.</source>
        <translation>Zu prüfender Checkpoint: ein Ordner, &quot;run:&lt;Name oder Kennung&gt;[@Schritt]&quot; oder &quot;@stage&quot; in einer Studie.</translation>
    </message>
    <message>
        <source>What is merged and how, in mergekit&apos;s YAML; its models are folders, &quot;run:&lt;name or id&gt;[@step]&quot;, or &quot;@stage&quot; in a study.</source>
        <translation>Was wie gemergt wird, im YAML von mergekit; seine Modelle sind Ordner, „run:&lt;Name oder Kennung&gt;[@Schritt]“ oder in einer Studie „@Stufe“.</translation>
    </message>
    <message>
        <source>How the models&apos; weights are found; none: as the recipe has them. The others want a base model.</source>
        <translation>Wie die Gewichte der Modelle gefunden werden; none: wie sie im Rezept stehen. Die anderen brauchen ein Basismodell.</translation>
    </message>
    <message>
        <source>What has a weight of its own: each model, or each layer of each model.</source>
        <translation>Was ein eigenes Gewicht hat: jedes Modell oder jede Schicht jedes Modells.</translation>
    </message>
    <message>
        <source>Merges that the search tries; adamerging: steps of its optimizer.</source>
        <translation>Merges, die die Suche ausprobiert; adamerging: Schritte seines Optimierers.</translation>
    </message>
    <message>
        <source>Examples of each task that merges are tried on; held-out problems are never among them.</source>
        <translation>Beispiele jeder Aufgabenart, an denen Merges ausprobiert werden; Testaufgaben sind nie darunter.</translation>
    </message>
    <message>
        <source>What adamerging lowers: cross entropy, or the entropy of its own predictions, which needs no answers.</source>
        <translation>Was adamerging senkt: die Kreuzentropie oder die Entropie der eigenen Vorhersagen, die keine Antworten braucht.</translation>
    </message>
    <message>
        <source>adamerging: each weight&apos;s first value.</source>
        <translation>adamerging: Anfangswert jedes Gewichts.</translation>
    </message>
    <message>
        <source>adamerging: learning rate of the weights.</source>
        <translation>adamerging: Lernrate der Gewichte.</translation>
    </message>
    <message>
        <source>Merges checkpoints in weight space, and trains nothing.</source>
        <translation>Verbindet Checkpoints im Raum der Gewichte und trainiert nichts.</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>Merge</translation>
    </message>
    <message>
        <source>Solutions that beam search keeps after each step, those that the verifier rates highest; 0: no search. With beam_expansion this is step-level beam search: (B1, B2) in AlphaMath.</source>
        <translation>Lösungen, die die Strahlsuche nach jedem Schritt behält, die vom Verifizierer am höchsten bewerteten; 0: keine Suche. Mit beam_expansion ist es Strahlsuche auf Schrittebene: (B1, B2) in AlphaMath.</translation>
    </message>
    <message>
        <source>Solutions that particle filtering writes side by side; after each step they are drawn anew by the odds that the verifier gives them. 0: none.</source>
        <translation>Lösungen, die der Partikelfilter nebeneinander schreibt; nach jedem Schritt werden sie neu gezogen, nach den Quoten, die der Verifizierer ihnen gibt. 0: keine.</translation>
    </message>
    <message>
        <source>How particles are drawn anew: systematic has less noise, multinomial draws each by itself.</source>
        <translation>Wie Partikel neu gezogen werden: systematic rauscht weniger, multinomial zieht jedes für sich.</translation>
    </message>
    <message>
        <source>Divides the logits of the verifier&apos;s values: higher keeps more different particles.</source>
        <translation>Teilt die Logits der Werte des Verifizierers: höher erhält mehr verschiedene Partikel.</translation>
    </message>
    <message>
        <source>N for which accuracy and tokens are measured of each way to spend N completions: maj@N; with a verifier best-of-N and weighted votes; with a process reward model beam search (N steps a round, beam_expansion of each kept solution) and particle filtering.</source>
        <translation>N, für die bei jeder Art, N Antworten einzusetzen, Genauigkeit und Token gemessen werden: maj@N; mit einem Verifizierer Best-of-N und gewichtete Abstimmung; mit einem Prozess-Belohnungsmodell Strahlsuche (N Schritte je Runde, beam_expansion von jeder behaltenen Lösung) und Partikelfilter.</translation>
    </message>
    <message>
        <source>Problems of each task and evaluation whose search trees are kept, one for each search.</source>
        <translation>Aufgaben je Aufgabenart und Auswertung, deren Suchbäume behalten werden, einer je Suche.</translation>
    </message>
    <message>
        <source>Follows each step of the file; its last token bears the step&apos;s label. Empty: the step&apos;s own last token does, as where steps end with a mark of their own.</source>
        <translation>Folgt jedem Schritt der Datei; sein letztes Token trägt das Urteil über den Schritt. Leer: Das letzte Token des Schrittes selbst trägt es, etwa wo Schritte mit einer eigenen Marke enden.</translation>
    </message>
    <message>
        <source>The N of weighted votes: the answer for which the verifier&apos;s scores of N completions add up to most; a reward model&apos;s rewards count by their logistic function.</source>
        <translation>Die N der gewichteten Abstimmung: die Antwort, für die die Werte des Verifizierers über N Antworten zusammen am höchsten sind; Belohnungen eines Belohnungsmodells zählen nach ihrer logistischen Funktion.</translation>
    </message>
    <message>
        <source>Runs any command as the trainer, and follows the logs that it writes.</source>
        <translation>Führt einen beliebigen Befehl als Trainer aus und verfolgt die Protokolle, die er schreibt.</translation>
    </message>
    <message>
        <source>The program and its arguments, as a list; no shell looks at them.</source>
        <translation>Das Programm und seine Argumente als Liste; keine Shell sieht sie an.</translation>
    </message>
    <message>
        <source>Instead of a command: a line or a script for /bin/sh; it ends at the first error.</source>
        <translation>Statt eines Befehls: eine Zeile oder ein Skript für /bin/sh; es endet beim ersten Fehler.</translation>
    </message>
    <message>
        <source>Files and folders that the command needs: copied side by side into the run&apos;s work folder, on another machine too.</source>
        <translation>Dateien und Ordner, die der Befehl braucht: nebeneinander in den Arbeitsordner des Laufs kopiert, auch auf einer anderen Maschine.</translation>
    </message>
    <message>
        <source>Where the command is started, on the machine where it runs: /…, ~/…, or from this configuration&apos;s folder; empty: the run&apos;s work folder, where the files are.</source>
        <translation>Wo der Befehl gestartet wird, auf der Maschine, auf der er läuft: /…, ~/… oder vom Ordner dieser Konfiguration aus; leer: der Arbeitsordner des Laufs, in dem die Dateien liegen.</translation>
    </message>
    <message>
        <source>Variables of its environment: NAME=value.</source>
        <translation>Variablen seiner Umgebung: NAME=Wert.</translation>
    </message>
    <message>
        <source>How long it may take to end when it is asked to; then comes SIGTERM, and after as long again SIGKILL.</source>
        <translation>Wie lange er zum Enden brauchen darf, wenn er darum gebeten wird; dann kommt SIGTERM, und nach noch einmal so langer Zeit SIGKILL.</translation>
    </message>
    <message>
        <source>What asks those of its processes that have a handler for it for a checkpoint, where it does not look at requests by itself.</source>
        <translation>Was diejenigen seiner Prozesse, die es behandeln, um einen Checkpoint bittet, wo er nicht selbst nach Bitten sieht.</translation>
    </message>
    <message>
        <source>Folders and files whose logs are followed, from where the command is started; empty: the run&apos;s own folders, unless it logs with retort_log.py.</source>
        <translation>Ordner und Dateien, deren Protokolle verfolgt werden, von dort aus, wo der Befehl gestartet wird; leer: die Ordner des Laufs selbst, außer er protokolliert mit retort_log.py.</translation>
    </message>
    <message>
        <source>Columns of tables and JSON lines with unusual names: step=iteration,time=stamp.</source>
        <translation>Spalten von Tabellen und JSON-Zeilen mit ungewöhnlichen Namen: step=iteration,time=stamp.</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>Protokolle</translation>
    </message>
    <message>
        <source>s</source>
        <translation>s</translation>
    </message>
    <message>
        <source>Optional: a checkpoint for the command to start from; the folder&apos;s path is in its environment as RETORT_MODEL.</source>
        <translation>Auf Wunsch: ein Checkpoint, von dem der Befehl ausgeht; der Pfad des Ordners steht in seiner Umgebung als RETORT_MODEL.</translation>
    </message>
    <message>
        <source>How many GPUs it uses: where the queue gives runs GPUs of their own, it gets so many; 0: it needs none.</source>
        <translation>Wie viele GPUs er benutzt: wo die Warteschlange Läufen eigene GPUs gibt, bekommt er so viele; 0: er braucht keine.</translation>
    </message>
</context>
<context>
    <name>Templates</name>
    <message>
        <source>New: %1</source>
        <translation>Neu: %1</translation>
    </message>
    <message>
        <source>Quickstart: %1</source>
        <translation>Schnellstart: %1</translation>
    </message>
</context>
<context>
    <name>TraceText</name>
    <message>
        <source>answer: %1 %2, reference: %3</source>
        <translation>Antwort: %1 %2, Referenz: %3</translation>
    </message>
    <message>
        <source>reward: %1</source>
        <translation>Belohnung: %1</translation>
    </message>
</context>
<context>
    <name>TreeTexts</name>
    <message>
        <source>%1 right (%2, 95 % interval %3 to %4)</source>
        <translation>%1 richtig (%2, 95-%-Intervall %3 bis %4)</translation>
    </message>
    <message>
        <source>round %1, %2 tokens</source>
        <translation>Runde %1, %2 Token</translation>
    </message>
    <message>
        <source>value %1</source>
        <translation>Wert %1</translation>
    </message>
    <message>
        <source>weight %1</source>
        <translation>Gewicht %1</translation>
    </message>
    <message>
        <source>%1 visits</source>
        <translation>%1 Besuche</translation>
    </message>
    <message>
        <source>dropped in its round</source>
        <translation>in seiner Runde verworfen</translation>
    </message>
    <message>
        <source>(prompt)</source>
        <translation>(Prompt)</translation>
    </message>
    <message>
        <source>%1 tokens on average</source>
        <translation>im Mittel %1 Token</translation>
    </message>
    <message numerus="yes">
        <source>%n continuation(s) were made from here</source>
        <translation>
            <numerusform>%n Fortsetzung ging von hier aus</numerusform>
            <numerusform>%n Fortsetzungen gingen von hier aus</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::AdoptDialog</name>
    <message>
        <source>Adopt runs</source>
        <translation>Läufe übernehmen</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>What is wrong, and where</source>
        <translation>Was nicht stimmt, und wo</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>Maschine</translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>Diese Maschine</translation>
    </message>
    <message>
        <source>Folder or file</source>
        <translation>Ordner oder Datei</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>&amp;Durchsuchen …</translation>
    </message>
    <message>
        <source>&amp;Look</source>
        <translation>&amp;Nachsehen</translation>
    </message>
    <message>
        <source>Runs that were found</source>
        <translation>Gefundene Läufe</translation>
    </message>
    <message>
        <source>Which folder?</source>
        <translation>Welcher Ordner?</translation>
    </message>
    <message>
        <source>Its name above, or drop it here. Runs of TensorBoard, W&amp;B, SwanLab, trackio, MLflow, verl and DVCLive, the outputs of transformers&apos; Trainer and TRL, tables and JSON lines are recognised in it and below; they are read as they lie there, and nothing of theirs is changed.</source>
        <translation>Seinen Namen oben eintragen, oder ihn hierher ziehen. Läufe von TensorBoard, W&amp;B, SwanLab, trackio, MLflow, verl und DVCLive, die Ausgaben von transformers’ Trainer und TRL, Tabellen und JSON-Zeilen werden darin und darunter erkannt; sie werden gelesen, wie sie dort liegen, und nichts davon wird geändert.</translation>
    </message>
    <message>
        <source>Mark &amp;all</source>
        <translation>&amp;Alle markieren</translation>
    </message>
    <message>
        <source>Mark &amp;none</source>
        <translation>&amp;Keinen markieren</translation>
    </message>
    <message>
        <source>Tags, separated by commas</source>
        <translation>Schlagworte, durch Kommas getrennt</translation>
    </message>
    <message>
        <source>Tags of the adopted runs</source>
        <translation>Schlagworte der übernommenen Läufe</translation>
    </message>
    <message>
        <source>&amp;Keep following those that are live</source>
        <translation>Laufende &amp;weiter verfolgen</translation>
    </message>
    <message>
        <source>What their programs write is read as it comes, while a window is open</source>
        <translation>Was ihre Programme schreiben, wird gelesen, wie es kommt, solange ein Fenster offen ist</translation>
    </message>
    <message>
        <source>What was found, and what became of it</source>
        <translation>Was gefunden wurde, und was daraus wurde</translation>
    </message>
    <message>
        <source>What could not be read</source>
        <translation>Was sich nicht lesen ließ</translation>
    </message>
    <message>
        <source>Stop the &amp;chosen runs</source>
        <translation>&amp;Gewählte Läufe anhalten</translation>
    </message>
    <message>
        <source>Of the runs that are selected no more is read; adopting them again goes on there</source>
        <translation>Von den gewählten Läufen wird nichts mehr gelesen; erneutes Übernehmen geht dort weiter</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message numerus="yes">
        <source>%1 % · %n point(s)</source>
        <translation>
            <numerusform>%1 % · %n Punkt</numerusform>
            <numerusform>%1 % · %n Punkte</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message numerus="yes">
        <source>A&amp;dopt %n run(s)</source>
        <translation>
            <numerusform>%n Lauf ü&amp;bernehmen</numerusform>
            <numerusform>%n Läufe ü&amp;bernehmen</numerusform>
        </translation>
    </message>
    <message>
        <source>A&amp;dopt</source>
        <translation>Ü&amp;bernehmen</translation>
    </message>
    <message>
        <source>Folder with runs of other programs</source>
        <translation>Ordner mit Läufen anderer Programme</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Wird nachgesehen …</translation>
    </message>
    <message>
        <source>There is no log that is known in this folder.</source>
        <translation>In diesem Ordner ist kein bekanntes Protokoll.</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) and tables were found. Space marks what is to be adopted, F2 changes a name.</source>
        <translation>
            <numerusform>%n Lauf oder Tabelle gefunden. Die Leertaste markiert, was übernommen werden soll, F2 ändert einen Namen.</numerusform>
            <numerusform>%n Läufe und Tabellen gefunden. Die Leertaste markiert, was übernommen werden soll, F2 ändert einen Namen.</numerusform>
        </translation>
    </message>
    <message>
        <source>The table is read with these columns.</source>
        <translation>Die Tabelle wird mit diesen Spalten gelesen.</translation>
    </message>
    <message>
        <source>waits</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>Adopting…</source>
        <translation>Wird übernommen …</translation>
    </message>
    <message>
        <source>not taken: %1</source>
        <translation>nicht genommen: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n point(s)</source>
        <translation>
            <numerusform>%n Punkt</numerusform>
            <numerusform>%n Punkte</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 more</source>
        <translation>%1 weitere</translation>
    </message>
    <message numerus="yes">
        <source>%n trace(s)</source>
        <translation>
            <numerusform>%n Spur</numerusform>
            <numerusform>%n Spuren</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n checkpoint(s)</source>
        <translation>
            <numerusform>%n Checkpoint</numerusform>
            <numerusform>%n Checkpoints</numerusform>
        </translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>followed</source>
        <translation>verfolgt</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) adopted.</source>
        <translation>
            <numerusform>%n Lauf übernommen.</numerusform>
            <numerusform>%n Läufe übernommen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n could not be adopted.</source>
        <translation>
            <numerusform>%n ließ sich nicht übernehmen.</numerusform>
            <numerusform>%n ließen sich nicht übernehmen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>und %n weiterer</numerusform>
            <numerusform>und %n weitere</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::AdoptJob</name>
    <message numerus="yes">
        <source>Looking there: %n log(s)</source>
        <translation>
            <numerusform>Dort wird nachgesehen: %n Protokoll</numerusform>
            <numerusform>Dort wird nachgesehen: %n Protokolle</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Looking: %n file(s)</source>
        <translation>
            <numerusform>Wird nachgesehen: %n Datei</numerusform>
            <numerusform>Wird nachgesehen: %n Dateien</numerusform>
        </translation>
    </message>
    <message>
        <source>Counting: %1</source>
        <translation>Wird gezählt: %1</translation>
    </message>
    <message>
        <source>There are no rows in it yet.</source>
        <translation>Es sind noch keine Zeilen darin.</translation>
    </message>
    <message>
        <source>Bringing %1 of %2 MB</source>
        <translation>%1 von %2 MB geholt</translation>
    </message>
</context>
<context>
    <name>retort::AdoptedBackend</name>
    <message>
        <source>Another program</source>
        <translation>Ein anderes Programm</translation>
    </message>
    <message>
        <source>Trained by another program, whose files are read as they grow</source>
        <translation>Von einem anderen Programm trainiert, dessen Dateien beim Wachsen gelesen werden</translation>
    </message>
</context>
<context>
    <name>retort::AdoptionPanel</name>
    <message>
        <source>Where the run was adopted from</source>
        <translation>Woher der Lauf übernommen wurde</translation>
    </message>
    <message>
        <source>Adopted from %1</source>
        <translation>Übernommen aus %1</translation>
    </message>
    <message>
        <source>Not followed: what its program writes from now on is not read.</source>
        <translation>Nicht verfolgt: Was sein Programm von jetzt an schreibt, wird nicht gelesen.</translation>
    </message>
    <message>
        <source>Not reached, trying again: %1</source>
        <translation>Nicht erreicht, wird wieder versucht: %1</translation>
    </message>
    <message>
        <source>Followed: what its program writes is read as it comes.</source>
        <translation>Verfolgt: Was sein Programm schreibt, wird gelesen, wie es kommt.</translation>
    </message>
    <message>
        <source>Stop &amp;following</source>
        <translation>Nicht weiter &amp;verfolgen</translation>
    </message>
    <message>
        <source>&amp;Follow again</source>
        <translation>Wieder &amp;verfolgen</translation>
    </message>
    <message>
        <source>Not read: %1</source>
        <translation>Nicht gelesen: %1</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>und %n weitere</numerusform>
            <numerusform>und %n weitere</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::AgreementDialog</name>
    <message>
        <source>n/a</source>
        <translation>n. d.</translation>
    </message>
    <message>
        <source>Progress and agreement</source>
        <translation>Fortschritt und Übereinstimmung</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Agreement of all</source>
        <translation>Übereinstimmung aller</translation>
    </message>
    <message>
        <source>Agreement of two</source>
        <translation>Übereinstimmung zu zweit</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>Unterschiede</translation>
    </message>
    <message>
        <source>Kappa: Cohen&apos;s, plain and weighted by the squared distance. First error: same step, mean distance where both mark one, kappa on error or none.</source>
        <translation>Kappa nach Cohen, einfach und mit dem Quadrat des Abstands gewichtet. Erster Fehler: derselbe Schritt, mittlerer Abstand, wo beide einen markieren, Kappa für Fehler oder keiner.</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Pairs</source>
        <translation>Paare</translation>
    </message>
    <message>
        <source>Computing…</source>
        <translation>Wird berechnet …</translation>
    </message>
    <message>
        <source>Everything that was annotated</source>
        <translation>Alles, was annotiert wurde</translation>
    </message>
    <message>
        <source>No trace was finished by two people yet.</source>
        <translation>Noch haben keine zwei Personen dieselbe Spur abgeschlossen.</translation>
    </message>
    <message numerus="yes">
        <source>%n trace(s) finished by two or more</source>
        <translation>
            <numerusform>%n Spur von zweien oder mehr abgeschlossen</numerusform>
            <numerusform>%n Spuren von zweien oder mehr abgeschlossen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n step(s) rated by two or more.</source>
        <translation>
            <numerusform>%n Schritt von zweien oder mehr bewertet.</numerusform>
            <numerusform>%n Schritte von zweien oder mehr bewertet.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) are left out until you have judged them.</source>
        <translation>
            <numerusform>%n Eintrag bleibt außen vor, bis du ihn beurteilt hast.</numerusform>
            <numerusform>%n Einträge bleiben außen vor, bis du sie beurteilt hast.</numerusform>
        </translation>
    </message>
    <message>
        <source>Statistic</source>
        <translation>Kennzahl</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>95 %</source>
        <translation>95 %</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Share of agreeing pairs</source>
        <translation>Anteil übereinstimmender Paare</translation>
    </message>
    <message>
        <source>Krippendorff&apos;s alpha, nominal</source>
        <translation>Krippendorffs Alpha, nominal</translation>
    </message>
    <message>
        <source>Krippendorff&apos;s alpha, ordinal</source>
        <translation>Krippendorffs Alpha, ordinal</translation>
    </message>
    <message>
        <source>One</source>
        <translation>Eine Person</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Andere Person</translation>
    </message>
    <message>
        <source>Same, %</source>
        <translation>Gleich, %</translation>
    </message>
    <message>
        <source>Kappa</source>
        <translation>Kappa</translation>
    </message>
    <message>
        <source>Weighted</source>
        <translation>Gewichtet</translation>
    </message>
    <message>
        <source>Traces</source>
        <translation>Spuren</translation>
    </message>
    <message>
        <source>Same first error, %</source>
        <translation>Gleicher erster Fehler, %</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>Abstand</translation>
    </message>
    <message>
        <source>Kappa of error</source>
        <translation>Kappa für Fehler</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>first error</source>
        <translation>erster Fehler</translation>
    </message>
    <message>
        <source>rating at byte %1</source>
        <translation>Bewertung bei Byte %1</translation>
    </message>
    <message>
        <source>Nobody differs.</source>
        <translation>Niemand weicht ab.</translation>
    </message>
    <message>
        <source>Enter or double click opens the trace.</source>
        <translation>Eingabetaste oder Doppelklick öffnet die Spur.</translation>
    </message>
    <message>
        <source>Annotator</source>
        <translation>Annotator</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>Übersprungen</translation>
    </message>
    <message>
        <source>Begun</source>
        <translation>Begonnen</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>Einträge</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Time an item</source>
        <translation>Zeit je Eintrag</translation>
    </message>
    <message>
        <source>Control items found</source>
        <translation>Kontrolleinträge erkannt</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Nobody has begun.</source>
        <translation>Niemand hat begonnen.</translation>
    </message>
    <message>
        <source>With the central 95 % of a bootstrap over steps (of scores: over items), as if those were independent. 1: full agreement, 0: as by chance; n/a: not defined.</source>
        <translation>Mit den mittleren 95 % eines Bootstraps über die Schritte (bei Wertungen: über die Einträge), als wären sie unabhängig. 1: volle Übereinstimmung, 0: wie durch Zufall; n. d.: nicht definiert.</translation>
    </message>
    <message>
        <source>Fleiss&apos;s kappa, steps that all rated</source>
        <translation>Fleiss-Kappa, von allen bewertete Schritte</translation>
    </message>
    <message>
        <source>Krippendorff&apos;s alpha of &quot;has an error&quot;, traces</source>
        <translation>Krippendorffs Alpha: Spur mit Fehler</translation>
    </message>
    <message>
        <source>%1: Krippendorff&apos;s alpha, ordinal</source>
        <translation>%1: Krippendorffs Alpha, ordinal</translation>
    </message>
    <message>
        <source>%1: weighted kappa of %2 and %3</source>
        <translation>%1: gewichtetes Kappa von %2 und %3</translation>
    </message>
    <message>
        <source>Correctness, 0 to 6</source>
        <translation>Richtigkeit, 0 bis 6</translation>
    </message>
    <message>
        <source>Helpfulness, 0 to 6</source>
        <translation>Nutzen, 0 bis 6</translation>
    </message>
    <message>
        <source>Correlation of correctness and helpfulness</source>
        <translation>Korrelation von Richtigkeit und Nutzen</translation>
    </message>
</context>
<context>
    <name>retort::Alarm</name>
    <message>
        <source>%1 is not a number</source>
        <translation>%1 ist keine Zahl</translation>
    </message>
    <message>
        <source>%1 is infinite</source>
        <translation>%1 ist unendlich</translation>
    </message>
    <message>
        <source>gradient norm %1, its median over the last 50 steps is %2</source>
        <translation>Gradientennorm %1, ihr Median über die letzten 50 Schritte ist %2</translation>
    </message>
    <message>
        <source>gradient norm %1, its median over the 50 steps before was %2, and training has not recovered in 20 steps</source>
        <translation>Gradientennorm %1, ihr Median über die 50 Schritte davor war %2, und das Training hat sich in 20 Schritten nicht erholt</translation>
    </message>
    <message>
        <source>entropy %1, and in %2 % of the groups all completions get the same reward: nothing is left to learn from</source>
        <translation>Entropie %1, und in %2 % der Gruppen bekommen alle Antworten dieselbe Belohnung: Es bleibt nichts, woraus zu lernen wäre</translation>
    </message>
    <message>
        <source>mean length %1 tokens, 20 steps ago %2</source>
        <translation>mittlere Länge %1 Token, vor 20 Schritten %2</translation>
    </message>
    <message>
        <source>mean length %1 tokens, 20 steps ago %2, and the answers are no better for it</source>
        <translation>mittlere Länge %1 Token, vor 20 Schritten %2, und die Antworten sind dadurch nicht besser</translation>
    </message>
    <message>
        <source>mean length %1 tokens, it has been %2</source>
        <translation>mittlere Länge %1 Token, sie war schon %2</translation>
    </message>
    <message>
        <source>%1 % of the completions are cut at the length limit: raise max_completion_length, or look whether they still end</source>
        <translation>%1 % der Antworten werden an der Längengrenze abgeschnitten: max_completion_length erhöhen, oder nachsehen, ob sie noch enden</translation>
    </message>
    <message>
        <source>reward fell from %1 to %2 and is %3 now: read traces, it may have found a trick</source>
        <translation>Belohnung fiel von %1 auf %2 und ist jetzt %3: Spuren lesen, vielleicht wurde ein Trick gefunden</translation>
    </message>
    <message>
        <source>%1 rises (%2 to %3) while correctness falls (%4 to %5): the reward is being gamed</source>
        <translation>%1 steigt (%2 auf %3), während die Richtigkeit fällt (%4 auf %5): Die Belohnung wird ausgetrickst</translation>
    </message>
    <message>
        <source>the chosen completions&apos; log-probability fell from %1 to %2, together with the rejected ones&apos;</source>
        <translation>die Log-Wahrscheinlichkeit der bevorzugten Antworten fiel von %1 auf %2, zusammen mit der der abgelehnten</translation>
    </message>
    <message>
        <source>largest logit %1, 50 steps ago %2: the output layer is blowing up</source>
        <translation>größtes Logit %1, vor 50 Schritten %2: Die Ausgabeschicht läuft davon</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
</context>
<context>
    <name>retort::AlarmStrip</name>
    <message>
        <source>Alarms of the selected runs</source>
        <translation>Alarme der gewählten Läufe</translation>
    </message>
    <message>
        <source>Copy the alarm</source>
        <translation>Alarm kopieren</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>%1  ·  %2, step %3:  %4</source>
        <translation>%1  ·  %2, Schritt %3:  %4</translation>
    </message>
</context>
<context>
    <name>retort::AnnotationBar</name>
    <message>
        <source>Submitted</source>
        <translation>Abgegeben</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>Übersprungen</translation>
    </message>
    <message>
        <source>Bad problem</source>
        <translation>Schlechte Aufgabe</translation>
    </message>
    <message>
        <source>Given up</source>
        <translation>Aufgegeben</translation>
    </message>
    <message>
        <source>Annotation</source>
        <translation>Annotation</translation>
    </message>
    <message>
        <source>What is said of the step</source>
        <translation>Was über den Schritt gesagt ist</translation>
    </message>
    <message>
        <source>no step is wrong</source>
        <translation>kein Schritt ist falsch</translation>
    </message>
    <message>
        <source>first error: %1</source>
        <translation>erster Fehler: %1</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n step(s) rated</source>
        <translation>
            <numerusform>%1 von %n Schritt bewertet</numerusform>
            <numerusform>%1 von %n Schritten bewertet</numerusform>
        </translation>
    </message>
    <message>
        <source>bad</source>
        <translation>schlecht</translation>
    </message>
    <message>
        <source>okay</source>
        <translation>okay</translation>
    </message>
    <message>
        <source>great</source>
        <translation>sehr gut</translation>
    </message>
    <message>
        <source>unsure</source>
        <translation>unsicher</translation>
    </message>
    <message>
        <source>not rated</source>
        <translation>nicht bewertet</translation>
    </message>
    <message>
        <source>No trace is open.</source>
        <translation>Keine Spur ist geöffnet.</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>Wird gespeichert …</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gespeichert</translation>
    </message>
</context>
<context>
    <name>retort::AnnotationDesk</name>
    <message>
        <source>Guidelines</source>
        <translation>Richtlinien</translation>
    </message>
    <message>
        <source>Annotate</source>
        <translation>Annotieren</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>Rangfolge</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Everything is saved as you go.</source>
        <translation>Alles wird laufend gespeichert.</translation>
    </message>
    <message>
        <source>Kind of error:  %1  ·  Esc: none</source>
        <translation>Fehlerart:  %1  ·  Esc: keine</translation>
    </message>
    <message>
        <source>No kind of error has this letter.</source>
        <translation>Keine Fehlerart hat diesen Buchstaben.</translation>
    </message>
    <message>
        <source>Why is it skipped? (may stay empty)</source>
        <translation>Warum wird übersprungen? (darf leer bleiben)</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>Warum?</translation>
    </message>
    <message>
        <source>Who annotates?</source>
        <translation>Wer annotiert?</translation>
    </message>
    <message>
        <source>Your labels are kept under this name, apart from everybody else&apos;s.</source>
        <translation>Deine Labels werden unter diesem Namen geführt, getrennt von denen aller anderen.</translation>
    </message>
    <message>
        <source>sample %1: %2</source>
        <translation>Stichprobe %1: %2</translation>
    </message>
</context>
<context>
    <name>retort::AnnotationPanel</name>
    <message>
        <source>Kinds of error</source>
        <translation>Fehlerarten</translation>
    </message>
    <message>
        <source>%1  (E, then %2)</source>
        <translation>%1  (E, dann %2)</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Notizen</translation>
    </message>
    <message>
        <source>The step as it should be</source>
        <translation>Der Schritt, wie er sein sollte</translation>
    </message>
    <message>
        <source>Scores of the trace</source>
        <translation>Wertungen der Spur</translation>
    </message>
    <message>
        <source>Scores of this step</source>
        <translation>Wertungen dieses Schrittes</translation>
    </message>
    <message>
        <source>What the scores are about</source>
        <translation>Worauf sich die Wertungen beziehen</translation>
    </message>
    <message>
        <source>Correctness</source>
        <translation>Richtigkeit</translation>
    </message>
    <message>
        <source>completely wrong</source>
        <translation>völlig falsch</translation>
    </message>
    <message>
        <source>completely right</source>
        <translation>völlig richtig</translation>
    </message>
    <message>
        <source>Helpfulness</source>
        <translation>Nutzen</translation>
    </message>
    <message>
        <source>no help at all</source>
        <translation>hilft gar nicht</translation>
    </message>
    <message>
        <source>definitely helps</source>
        <translation>hilft auf jeden Fall</translation>
    </message>
    <message>
        <source>Note on: %1</source>
        <translation>Notiz: %1</translation>
    </message>
    <message>
        <source>No step is chosen</source>
        <translation>Kein Schritt ist gewählt</translation>
    </message>
</context>
<context>
    <name>retort::AnnotationSession</name>
    <message>
        <source>Not saved, and taken back: %1</source>
        <translation>Nicht gespeichert und zurückgenommen: %1</translation>
    </message>
    <message>
        <source>the trace</source>
        <translation>die Spur</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>in step %1</source>
        <translation>in Schritt %1</translation>
    </message>
    <message>
        <source>the answer</source>
        <translation>die Antwort</translation>
    </message>
    <message>
        <source>in the answer</source>
        <translation>in der Antwort</translation>
    </message>
    <message>
        <source>bytes %1–%2</source>
        <translation>Bytes %1–%2</translation>
    </message>
    <message>
        <source>implied by the first error</source>
        <translation>folgt aus dem ersten Fehler</translation>
    </message>
    <message>
        <source>No trace is open.</source>
        <translation>Keine Spur ist geöffnet.</translation>
    </message>
    <message>
        <source>One moment: saving and opening.</source>
        <translation>Einen Moment: wird gespeichert und geöffnet.</translation>
    </message>
    <message>
        <source>This trace has no steps.</source>
        <translation>Diese Spur hat keine Schritte.</translation>
    </message>
    <message>
        <source>Not rated yet: %1. Rate all steps up to the first error, or say that there is none.</source>
        <translation>Noch nicht bewertet: %1. Bewerte alle Schritte bis zum ersten Fehler, oder sag, dass es keinen gibt.</translation>
    </message>
    <message>
        <source>This trace is not in the store any more.</source>
        <translation>Diese Spur ist nicht mehr im Speicher.</translation>
    </message>
    <message>
        <source>There is nothing to redo.</source>
        <translation>Es gibt nichts zu wiederholen.</translation>
    </message>
    <message>
        <source>There is nothing to undo.</source>
        <translation>Es gibt nichts rückgängig zu machen.</translation>
    </message>
</context>
<context>
    <name>retort::AnswerDiff</name>
    <message>
        <source>%1 of %2 samples right</source>
        <translation>%1 von %2 Stichproben richtig</translation>
    </message>
    <message>
        <source>No text of this answer was kept. (evaluation.traces says of how many.)</source>
        <translation>Von dieser Antwort wurde kein Text behalten. (evaluation.traces sagt, von wie vielen.)</translation>
    </message>
    <message>
        <source>none found</source>
        <translation>keine gefunden</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n Token</numerusform>
            <numerusform>%n Token</numerusform>
        </translation>
    </message>
    <message>
        <source>reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <source>The answers side by side</source>
        <translation>Die Antworten nebeneinander</translation>
    </message>
</context>
<context>
    <name>retort::BenchMeasuring</name>
    <message>
        <source>Reading the models…</source>
        <translation>Modelle werden gelesen …</translation>
    </message>
    <message>
        <source>Taking a first look…</source>
        <translation>Erster Blick …</translation>
    </message>
    <message>
        <source>Measuring…</source>
        <translation>Wird gemessen …</translation>
    </message>
    <message numerus="yes">
        <source>Measuring a row of %n point(s)…</source>
        <translation>
            <numerusform>Reihe von %n Punkt wird gemessen …</numerusform>
            <numerusform>Reihe von %n Punkten wird gemessen …</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::BranchDialog</name>
    <message>
        <source>Go on from here</source>
        <translation>Von hier aus weiter</translation>
    </message>
    <message>
        <source>Branches</source>
        <translation>Zweige</translation>
    </message>
    <message>
        <source>Answers so far</source>
        <translation>Antworten bisher</translation>
    </message>
    <message>
        <source>&amp;Generate</source>
        <translation>&amp;Generieren</translation>
    </message>
    <message>
        <source>Given text</source>
        <translation>Vorgegebener Text</translation>
    </message>
    <message>
        <source>The answer so &amp;far. Edit it, or write what the model is to go on from:</source>
        <translation>Die Antwort bis &amp;hier. Bearbeite sie, oder schreib, woran das Modell anknüpfen soll:</translation>
    </message>
    <message>
        <source>0 (greedy)</source>
        <translation>0 (greedy)</translation>
    </message>
    <message>
        <source>&amp;Checkpoint</source>
        <translation>Chec&amp;kpoint</translation>
    </message>
    <message>
        <source>Sam&amp;ples</source>
        <translation>Stich&amp;proben</translation>
    </message>
    <message>
        <source>&amp;Temperature</source>
        <translation>&amp;Temperatur</translation>
    </message>
    <message>
        <source>Ma&amp;x. tokens</source>
        <translation>Ma&amp;x. Token</translation>
    </message>
    <message>
        <source>S&amp;eed</source>
        <translation>S&amp;eed</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>Abbre&amp;chen</translation>
    </message>
    <message>
        <source>This differs from the trace&apos;s own text, and is kept as edited.</source>
        <translation>Dies weicht vom eigenen Text der Spur ab und wird bearbeitet behalten.</translation>
    </message>
    <message>
        <source>The trace&apos;s own text up to the chosen step.</source>
        <translation>Der eigene Text der Spur bis zum gewählten Schritt.</translation>
    </message>
    <message>
        <source>This window has no training module, so nothing can be generated.</source>
        <translation>Dieses Fenster hat kein Trainingsmodul, daher lässt sich nichts generieren.</translation>
    </message>
    <message>
        <source>No run has a checkpoint on the disk.</source>
        <translation>Von keinem Lauf liegt ein Checkpoint auf der Platte.</translation>
    </message>
    <message>
        <source>Keeping the branches…</source>
        <translation>Zweige werden behalten …</translation>
    </message>
    <message numerus="yes">
        <source>%n branch(es) kept in the run “branches of %1”.</source>
        <translation>
            <numerusform>%n Zweig im Lauf „branches of %1“ behalten.</numerusform>
            <numerusform>%n Zweige im Lauf „branches of %1“ behalten.</numerusform>
        </translation>
    </message>
    <message>
        <source>There is no task and no reference answer: what comes is kept without a verdict.</source>
        <translation>Es gibt weder Aufgabenart noch Referenzantwort: Was kommt, wird ohne Urteil behalten.</translation>
    </message>
</context>
<context>
    <name>retort::BuildPanel</name>
    <message>
        <source>Unpacking the source…</source>
        <translation>Die Quellen werden ausgepackt …</translation>
    </message>
    <message>
        <source>CMake looks for compiler and libraries…</source>
        <translation>CMake sucht Compiler und Bibliotheken …</translation>
    </message>
    <message>
        <source>Putting it in its place…</source>
        <translation>Wird an seinen Platz gebracht …</translation>
    </message>
    <message>
        <source>Compiling…</source>
        <translation>Wird übersetzt …</translation>
    </message>
    <message>
        <source>Compiling: %1 of %2</source>
        <translation>Wird übersetzt: %1 von %2</translation>
    </message>
    <message>
        <source>What CMake or the compiler said</source>
        <translation>Was CMake oder der Compiler sagte</translation>
    </message>
    <message>
        <source>Asking %1…</source>
        <translation>%1 wird gefragt …</translation>
    </message>
    <message>
        <source>Stopped. Building again goes on where it was.</source>
        <translation>Angehalten. Erneutes Bauen geht dort weiter, wo es war.</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird angehalten …</translation>
    </message>
    <message>
        <source>Built: retort-cli on %1 is of the shipped source.</source>
        <translation>Gebaut: retort-cli auf %1 ist aus den mitgelieferten Quellen.</translation>
    </message>
    <message>
        <source>St&amp;op building</source>
        <translation>Bauen &amp;anhalten</translation>
    </message>
    <message>
        <source>&amp;Build retort-cli there</source>
        <translation>retort-cli dort &amp;bauen</translation>
    </message>
    <message>
        <source>From the source that comes with Retort, with CMake and the compiler there; it goes on when the window is closed.</source>
        <translation>Aus den Quellen, die mit Retort kommen, mit CMake und dem Compiler dort; es geht weiter, wenn das Fenster geschlossen wird.</translation>
    </message>
</context>
<context>
    <name>retort::ChartCard</name>
    <message>
        <source>Logarithmic scale: %1</source>
        <translation>Logarithmische Skala: %1</translation>
    </message>
    <message>
        <source>Maximise: %1</source>
        <translation>Vergrößern: %1</translation>
    </message>
    <message>
        <source>Copy or save: %1</source>
        <translation>Kopieren oder speichern: %1</translation>
    </message>
    <message>
        <source>Copy all points as CSV</source>
        <translation>Alle Punkte als CSV kopieren</translation>
    </message>
    <message>
        <source>Save all points as CSV…</source>
        <translation>Alle Punkte als CSV speichern …</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>Bild kopieren</translation>
    </message>
    <message>
        <source>Save as PNG…</source>
        <translation>Als PNG speichern …</translation>
    </message>
    <message>
        <source>Save as SVG…</source>
        <translation>Als SVG speichern …</translation>
    </message>
    <message>
        <source>Back to all charts</source>
        <translation>Zurück zu allen Diagrammen</translation>
    </message>
</context>
<context>
    <name>retort::ChartGrid</name>
    <message>
        <source>Charts</source>
        <translation>Diagramme</translation>
    </message>
</context>
<context>
    <name>retort::CheckpointBox</name>
    <message>
        <source>%1 · step %2</source>
        <translation>%1 · Schritt %2</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>Checkpoint</translation>
    </message>
</context>
<context>
    <name>retort::CheckpointChooser</name>
    <message>
        <source>Add checkpoints</source>
        <translation>Checkpoints hinzufügen</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Accuracy %</source>
        <translation>Genauigkeit %</translation>
    </message>
    <message>
        <source>Evaluated on</source>
        <translation>Ausgewertet an</translation>
    </message>
    <message>
        <source>Search run or evaluation</source>
        <translation>Lauf oder Auswertung suchen</translation>
    </message>
    <message>
        <source>Search checkpoints</source>
        <translation>Checkpoints suchen</translation>
    </message>
    <message>
        <source>Checkpoints that were evaluated</source>
        <translation>Ausgewertete Checkpoints</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>&amp;Hinzufügen</translation>
    </message>
    <message>
        <source>Nothing has been evaluated yet.</source>
        <translation>Noch nichts wurde ausgewertet.</translation>
    </message>
    <message numerus="yes">
        <source>%n chosen; Ctrl and Shift choose several</source>
        <translation>
            <numerusform>%n gewählt; Strg und Umschalt wählen mehrere</numerusform>
            <numerusform>%n gewählt; Strg und Umschalt wählen mehrere</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::CheckpointModel</name>
    <message>
        <source>%1 (last)</source>
        <translation>%1 (letzter)</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gesichert</translation>
    </message>
</context>
<context>
    <name>retort::CheckpointPanel</name>
    <message>
        <source>&amp;Fetch</source>
        <translation>&amp;Holen</translation>
    </message>
    <message>
        <source>&amp;Design a run from it</source>
        <translation>Einen Lauf daraus &amp;entwerfen</translation>
    </message>
    <message>
        <source>Fetching</source>
        <translation>Wird geholt</translation>
    </message>
    <message>
        <source>Stop &amp;fetching</source>
        <translation>&amp;Nicht weiter holen</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird beendet …</translation>
    </message>
    <message>
        <source>Asking %1…</source>
        <translation>%1 wird gefragt …</translation>
    </message>
    <message>
        <source>Stopped. What is here already stays for another time.</source>
        <translation>Beendet. Was schon hier ist, bleibt für ein anderes Mal.</translation>
    </message>
    <message>
        <source>The checkpoint of step %1 is here.</source>
        <translation>Der Checkpoint von Schritt %1 ist hier.</translation>
    </message>
</context>
<context>
    <name>retort::CheckpointPicker</name>
    <message>
        <source>Add checkpoints to the merge</source>
        <translation>Checkpoints zum Merge hinzufügen</translation>
    </message>
    <message>
        <source>Search by the run&apos;s name or recipe</source>
        <translation>Nach Name oder Rezept des Laufs suchen</translation>
    </message>
    <message>
        <source>Checkpoints</source>
        <translation>Checkpoints</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>&amp;Hinzufügen</translation>
    </message>
</context>
<context>
    <name>retort::CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation>Befehlspalette</translation>
    </message>
    <message>
        <source>Type a command</source>
        <translation>Befehl eingeben</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Matching commands</source>
        <translation>Passende Befehle</translation>
    </message>
</context>
<context>
    <name>retort::CompareDialog</name>
    <message>
        <source>Parameter</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Parameters that differ</source>
        <translation>Abweichende Parameter</translation>
    </message>
    <message>
        <source>Metric</source>
        <translation>Messgröße</translation>
    </message>
    <message>
        <source>Last metrics</source>
        <translation>Letzte Messwerte</translation>
    </message>
    <message numerus="yes">
        <source>Compare %n run(s)</source>
        <translation>
            <numerusform>%n Lauf vergleichen</numerusform>
            <numerusform>%n Läufe vergleichen</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Parameters that differ (%1)</source>
        <translation>Abweichende &amp;Parameter (%1)</translation>
    </message>
    <message>
        <source>The configurations are equal.</source>
        <translation>Die Konfigurationen sind gleich.</translation>
    </message>
    <message>
        <source>Last &amp;metrics</source>
        <translation>Letzte &amp;Messwerte</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>&amp;Export CSV…</source>
        <translation>CSV &amp;exportieren …</translation>
    </message>
    <message>
        <source>Export the comparison</source>
        <translation>Vergleich exportieren</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>CSV-Dateien (*.csv)</translation>
    </message>
    <message>
        <source>Could not write %1: %2</source>
        <translation>%1 konnte nicht geschrieben werden: %2</translation>
    </message>
</context>
<context>
    <name>retort::ComparePage</name>
    <message>
        <source>All they have in common</source>
        <translation>Alles Gemeinsame</translation>
    </message>
    <message>
        <source>%1 (%2, set %3)</source>
        <translation>%1 (%2, Satz %3)</translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s): </source>
        <translation>
            <numerusform>%n Aufgabe: </numerusform>
            <numerusform>%n Aufgaben: </numerusform>
        </translation>
    </message>
    <message>
        <source>When this comparison was saved it rested on other problems (set %1): it was measured anew since.</source>
        <translation>Als dieser Vergleich gespeichert wurde, beruhte er auf anderen Aufgaben (Satz %1): Seitdem wurde neu gemessen.</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>No problem is like this.</source>
        <translation>Auf keine Aufgabe trifft das zu.</translation>
    </message>
    <message>
        <source>ideal</source>
        <translation>ideal</translation>
    </message>
    <message>
        <source>No answers with token probabilities, and no several samples, were kept of these evaluations.</source>
        <translation>Von diesen Auswertungen wurden weder Antworten mit Token-Wahrscheinlichkeiten noch mehrere Stichproben behalten.</translation>
    </message>
    <message>
        <source>Of the answers whose texts were kept, by ten bins of equal width. Confidence: the geometric mean of the answer&apos;s token probabilities, or the share of the problem&apos;s samples that agree.</source>
        <translation>Über die Antworten, deren Texte behalten wurden, in zehn gleich breiten Klassen. Konfidenz: das geometrische Mittel der Token-Wahrscheinlichkeiten der Antwort oder der Anteil der Stichproben der Aufgabe, die übereinstimmen.</translation>
    </message>
    <message>
        <source>Save the comparison</source>
        <translation>Vergleich speichern</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Nothing is saved yet</source>
        <translation>Noch nichts gespeichert</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Vergessen</translation>
    </message>
    <message>
        <source>JSON files (*.json)</source>
        <translation>JSON-Dateien (*.json)</translation>
    </message>
    <message>
        <source>Checkpoints</source>
        <translation>Checkpoints</translation>
    </message>
    <message>
        <source>What to know about this comparison</source>
        <translation>Was man über diesen Vergleich wissen sollte</translation>
    </message>
    <message>
        <source>Details of the comparison</source>
        <translation>Einzelheiten des Vergleichs</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Aufgaben</translation>
    </message>
    <message>
        <source>Tasks and difficulty</source>
        <translation>Aufgabenarten und Schwierigkeit</translation>
    </message>
    <message>
        <source>Lengths</source>
        <translation>Längen</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>Kalibrierung</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>&amp;Add checkpoints…</source>
        <translation>Checkpoints &amp;hinzufügen …</translation>
    </message>
    <message>
        <source>Those selected in &amp;Runs</source>
        <translation>Gewählte &amp;Läufe</translation>
    </message>
    <message>
        <source>Evaluation</source>
        <translation>Auswertung</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>Comparisons that were saved</source>
        <translation>Gespeicherte Vergleiche</translation>
    </message>
    <message>
        <source>Set as &amp;baseline</source>
        <translation>Als &amp;Baseline setzen</translation>
    </message>
    <message>
        <source>Mark as &amp;parent</source>
        <translation>Als &amp;Eltern markieren</translation>
    </message>
    <message>
        <source>Others are then rated as merges of the parents: normalised accuracy, synergy, forgetting</source>
        <translation>Andere werden dann als Merges der Eltern bewertet: normierte Genauigkeit, Synergie, Vergessen</translation>
    </message>
    <message>
        <source>&amp;Remove from the comparison</source>
        <translation>Aus dem &amp;Vergleich entfernen</translation>
    </message>
    <message>
        <source>&amp;Save…</source>
        <translation>&amp;Speichern …</translation>
    </message>
    <message>
        <source>&amp;Export the comparison as JSON…</source>
        <translation>Vergleich als &amp;JSON exportieren …</translation>
    </message>
    <message>
        <source>&amp;Find problems</source>
        <translation>Aufgaben &amp;finden</translation>
    </message>
    <message>
        <source>Search problem or task</source>
        <translation>Aufgabe oder Aufgabenart suchen</translation>
    </message>
    <message>
        <source>Search problems</source>
        <translation>Aufgaben suchen</translation>
    </message>
    <message>
        <source>Copy all problems as a table</source>
        <translation>Alle Aufgaben als Tabelle kopieren</translation>
    </message>
    <message>
        <source>Save all problems as CSV…</source>
        <translation>Alle Aufgaben als CSV speichern …</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>CSV-Dateien (*.csv)</translation>
    </message>
    <message>
        <source>Copy the answers</source>
        <translation>Antworten kopieren</translation>
    </message>
    <message>
        <source>By task</source>
        <translation>Nach Aufgabenart</translation>
    </message>
    <message>
        <source>By difficulty</source>
        <translation>Nach Schwierigkeit</translation>
    </message>
    <message>
        <source>Groups of problems</source>
        <translation>Gruppen von Aufgaben</translation>
    </message>
    <message>
        <source>Merges against their parents</source>
        <translation>Merges gegen ihre Eltern</translation>
    </message>
    <message>
        <source>p values are corrected for all comparisons of this table.</source>
        <translation>p-Werte sind um alle Vergleiche dieser Tabelle korrigiert.</translation>
    </message>
    <message>
        <source>Where the problems&apos; ids do not say how hard they are, the level is the mean pass rate over the compared checkpoints: it sorts noise in, too, so read the ends of the scale with care.</source>
        <translation>Wo die Kennungen der Aufgaben nicht sagen, wie schwer sie sind, ist die Stufe die mittlere Lösungsquote der verglichenen Checkpoints: Sie sortiert auch Rauschen ein, die Enden der Skala sind also mit Vorsicht zu lesen.</translation>
    </message>
    <message>
        <source>The level is what the problems&apos; ids say. p values are corrected for all comparisons of this table.</source>
        <translation>Die Stufe ist, was die Kennungen der Aufgaben sagen. p-Werte sind um alle Vergleiche dieser Tabelle korrigiert.</translation>
    </message>
    <message>
        <source>Mean tokens an answer; differences are paired by problem, intervals are Student&apos;s t.</source>
        <translation>Mittlere Token je Antwort; Differenzen sind nach Aufgaben gepaart, Intervalle nach Student-t.</translation>
    </message>
    <message>
        <source>Share of the problems answered within a length</source>
        <translation>Anteil der Aufgaben, die bis zu einer Länge beantwortet sind</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Chart of lengths</source>
        <translation>Längendiagramm</translation>
    </message>
    <message>
        <source>Accuracy by mean token probability of the answer</source>
        <translation>Genauigkeit nach mittlerer Token-Wahrscheinlichkeit der Antwort</translation>
    </message>
    <message>
        <source>confidence</source>
        <translation>Konfidenz</translation>
    </message>
    <message>
        <source>Reliability chart</source>
        <translation>Zuverlässigkeitsdiagramm</translation>
    </message>
    <message>
        <source>Nothing to compare yet</source>
        <translation>Noch nichts zu vergleichen</translation>
    </message>
    <message>
        <source>Checkpoints are compared by what they answered to the same held-out problems. No run has been evaluated so far: runs evaluate while they train, and a run of the recipe evaluate does it for any checkpoint.</source>
        <translation>Checkpoints werden daran verglichen, was sie auf dieselben Testaufgaben geantwortet haben. Bisher ist kein Lauf ausgewertet: Läufe werten beim Training aus, und ein Lauf des Rezepts evaluate tut es für jeden Checkpoint.</translation>
    </message>
    <message>
        <source>Run the quickstart</source>
        <translation>Schnellstart ausführen</translation>
    </message>
    <message>
        <source>Design a run</source>
        <translation>Lauf entwerfen</translation>
    </message>
    <message>
        <source>Which checkpoints?</source>
        <translation>Welche Checkpoints?</translation>
    </message>
    <message>
        <source>Choose two or more: steps of one run, or of several. Each is set against a baseline, with intervals and tests, problem by problem.</source>
        <translation>Wähle zwei oder mehr: Schritte eines Laufs oder mehrerer. Jeder wird einer Baseline gegenübergestellt, mit Intervallen und Tests, Aufgabe für Aufgabe.</translation>
    </message>
    <message>
        <source>Choose checkpoints</source>
        <translation>Checkpoints wählen</translation>
    </message>
    <message>
        <source>Those selected in Runs</source>
        <translation>Gewählte Läufe</translation>
    </message>
    <message>
        <source>Merges against the checkpoints that are marked as parents</source>
        <translation>Merges gegen die Checkpoints, die als Eltern markiert sind</translation>
    </message>
    <message>
        <source>Merges against their parents, as the lineage knows them</source>
        <translation>Merges gegen ihre Eltern, wie die Abstammung sie kennt</translation>
    </message>
    <message>
        <source>Interpolation</source>
        <translation>Interpolation</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>Fragen</translation>
    </message>
    <message>
        <source>Parents as the &amp;lineage knows them</source>
        <translation>E&amp;ltern nach der Abstammung</translation>
    </message>
    <message>
        <source>Each merge is rated against its own parents; marking one by hand ends this</source>
        <translation>Jeder Merge wird an seinen eigenen Eltern gemessen; wer von Hand einen markiert, beendet das</translation>
    </message>
    <message>
        <source>&amp;Ask again…</source>
        <translation>Noch einmal &amp;fragen …</translation>
    </message>
    <message>
        <source>Has every compared checkpoint answer this problem anew</source>
        <translation>Lässt jeden verglichenen Checkpoint diese Aufgabe neu beantworten</translation>
    </message>
    <message>
        <source>Problems of all &amp;groups</source>
        <translation>Aufgaben aller &amp;Gruppen</translation>
    </message>
    <message>
        <source>Only this group; press to list all problems again (Esc)</source>
        <translation>Nur diese Gruppe; drücken, um wieder alle Aufgaben zu zeigen (Esc)</translation>
    </message>
    <message>
        <source>&amp;List its problems</source>
        <translation>Ihre Aufgaben auf&amp;listen</translation>
    </message>
    <message>
        <source>A double click or Enter lists a row&apos;s problems.</source>
        <translation>Doppelklick oder Eingabetaste listet die Aufgaben einer Zeile auf.</translation>
    </message>
    <message>
        <source>Only %1; press to list all problems again</source>
        <translation>Nur %1; drücken, um wieder alle Aufgaben zu zeigen</translation>
    </message>
    <message>
        <source>Add a second checkpoint to see its answer beside this one.</source>
        <translation>Ein zweiter Checkpoint zeigt seine Antwort neben dieser.</translation>
    </message>
</context>
<context>
    <name>retort::ComparisonItemModel</name>
    <message>
        <source>%1 of %2 right, %3 tokens</source>
        <translation>%1 von %2 richtig, %3 Token</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabenart</translation>
    </message>
</context>
<context>
    <name>retort::ConflictModel</name>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>elements</source>
        <translation>Elemente</translation>
    </message>
</context>
<context>
    <name>retort::ConflictView</name>
    <message>
        <source>&amp;Compare task vectors</source>
        <translation>&amp;Task-Vektoren vergleichen</translation>
    </message>
    <message>
        <source>What each model learned since the base, against what the others learned</source>
        <translation>Was jedes Modell seit der Basis gelernt hat, gegen das, was die anderen gelernt haben</translation>
    </message>
    <message>
        <source>Progress of the comparison</source>
        <translation>Fortschritt des Vergleichs</translation>
    </message>
    <message>
        <source>Ca&amp;ncel</source>
        <translation>Abbre&amp;chen</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Maß</translation>
    </message>
    <message>
        <source>Cosine</source>
        <translation>Kosinus</translation>
    </message>
    <message>
        <source>Sign conflicts</source>
        <translation>Vorzeichenkonflikte</translation>
    </message>
    <message>
        <source>Norm of the first</source>
        <translation>Norm des ersten</translation>
    </message>
    <message>
        <source>Norm of the second</source>
        <translation>Norm des zweiten</translation>
    </message>
    <message>
        <source>Conflicts by layer</source>
        <translation>Konflikte nach Schichten</translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <translation>%1 und %2</translation>
    </message>
    <message>
        <source>This program was built without the comparison of weights.</source>
        <translation>Dieses Programm wurde ohne den Vergleich von Gewichten gebaut.</translation>
    </message>
    <message>
        <source>Reading the weights…</source>
        <translation>Gewichte werden gelesen …</translation>
    </message>
    <message>
        <source>Compares what each model has learned since the base: where their task vectors point the same way, merging is safe; where they are opposed, one costs the other.</source>
        <translation>Vergleicht, was jedes Modell seit der Basis gelernt hat: Wo ihre Task-Vektoren in dieselbe Richtung zeigen, ist das Mergen gefahrlos; wo sie einander entgegenstehen, geht eines auf Kosten des anderen.</translation>
    </message>
</context>
<context>
    <name>retort::CurvePanel</name>
    <message>
        <source>barrier %1 at t = %2</source>
        <translation>Barriere %1 bei t = %2</translation>
    </message>
    <message>
        <source>Barriers</source>
        <translation>Barrieren</translation>
    </message>
    <message>
        <source>Points of the curve</source>
        <translation>Punkte der Kurve</translation>
    </message>
    <message>
        <source>About the curve</source>
        <translation>Zur Kurve</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Maß</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>Loss</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>&amp;Lines</source>
        <translation>&amp;Linien</translation>
    </message>
    <message>
        <source>Which tasks are drawn</source>
        <translation>Welche Aufgabenarten gezeichnet werden</translation>
    </message>
    <message>
        <source>Interpolation curve</source>
        <translation>Interpolationskurve</translation>
    </message>
    <message>
        <source>Barriers: the mean over the tasks, and each</source>
        <translation>Barrieren: das Mittel über die Aufgabenarten und jede einzeln</translation>
    </message>
    <message>
        <source>Points: Enter copies the recipe of one</source>
        <translation>Punkte: Die Eingabetaste kopiert das Rezept eines Punktes</translation>
    </message>
    <message>
        <source>Mean of the tasks</source>
        <translation>Mittel der Aufgabenarten</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>Loss on the way from A to B; thin: the line between the ends</source>
        <translation>Loss auf dem Weg von A nach B; dünn: die Gerade zwischen den Enden</translation>
    </message>
    <message>
        <source>%1 on the way from A to B; thin: the line between the ends</source>
        <translation>%1 auf dem Weg von A nach B; dünn: die Gerade zwischen den Enden</translation>
    </message>
    <message>
        <source>t (0 is A, 1 is B)</source>
        <translation>t (0 ist A, 1 ist B)</translation>
    </message>
    <message>
        <source>A is %1, B is %2.</source>
        <translation>A ist %1, B ist %2.</translation>
    </message>
    <message>
        <source>Checkpoints that are joined by a line of low loss can be merged by averaging; a barrier between them says that they cannot. The curve shows which of the two it is.</source>
        <translation>Checkpoints, zwischen denen der Loss niedrig bleibt, lassen sich durch Mitteln verbinden; eine Barriere dazwischen sagt, dass es nicht geht. Die Kurve zeigt, welches von beiden zutrifft.</translation>
    </message>
    <message>
        <source>So far: </source>
        <translation>Bisher: </translation>
    </message>
    <message>
        <source>mean loss</source>
        <translation>mittlerer Loss</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>Loss</translation>
    </message>
    <message>
        <source>no barrier: at none of the %1 points the %2 lies above the line between the ends.</source>
        <translation>keine Barriere: An keinem der %1 Punkte liegt %2 über der Geraden zwischen den Enden.</translation>
    </message>
    <message>
        <source>the %1 rises %2 above the line between the ends, at t = %3.</source>
        <translation>%1 steigt um %2 über die Gerade zwischen den Enden, bei t = %3.</translation>
    </message>
    <message>
        <source>At t = %1 the loss is not a number.</source>
        <translation>Bei t = %1 ist der Loss keine Zahl.</translation>
    </message>
    <message>
        <source>The share of wrong answers rises %1 above its own line, at t = %2.</source>
        <translation>Der Anteil falscher Antworten steigt um %1 über seine eigene Gerade, bei t = %2.</translation>
    </message>
</context>
<context>
    <name>retort::DesignPage</name>
    <message>
        <source>Design</source>
        <translation>Entwurf</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Recipe</source>
        <translation>&amp;Rezept</translation>
    </message>
    <message>
        <source>Find a parameter</source>
        <translation>Parameter suchen</translation>
    </message>
    <message>
        <source>The text beside cannot be read as YAML. The form waits until it can.</source>
        <translation>Der Text daneben lässt sich nicht als YAML lesen. Das Formular wartet, bis er es lässt.</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>&amp;Launch</source>
        <translation>&amp;Starten</translation>
    </message>
    <message>
        <source>&amp;Open YAML…</source>
        <translation>YAML ö&amp;ffnen …</translation>
    </message>
    <message>
        <source>&amp;Save YAML…</source>
        <translation>YAML &amp;speichern …</translation>
    </message>
    <message>
        <source>&amp;Find a parameter</source>
        <translation>Parameter &amp;suchen</translation>
    </message>
    <message>
        <source>&amp;Templates</source>
        <translation>&amp;Vorlagen</translation>
    </message>
    <message>
        <source>line %1: </source>
        <translation>Zeile %1: </translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s) to solve first</source>
        <translation>
            <numerusform>Zuerst ist %n Problem zu lösen</numerusform>
            <numerusform>Zuerst sind %n Probleme zu lösen</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 M parameters</source>
        <translation>%1 Mio. Parameter</translation>
    </message>
    <message numerus="yes">
        <source>%n sequence(s) a step</source>
        <translation>
            <numerusform>%n Sequenz je Schritt</numerusform>
            <numerusform>%n Sequenzen je Schritt</numerusform>
        </translation>
    </message>
    <message>
        <source>at most %1 M tokens</source>
        <translation>höchstens %1 Mio. Token</translation>
    </message>
    <message>
        <source>Open a configuration</source>
        <translation>Konfiguration öffnen</translation>
    </message>
    <message>
        <source>YAML files (*.yaml *.yml)</source>
        <translation>YAML-Dateien (*.yaml *.yml)</translation>
    </message>
    <message>
        <source>Save the configuration</source>
        <translation>Konfiguration speichern</translation>
    </message>
    <message>
        <source>YAML</source>
        <translation>YAML</translation>
    </message>
    <message>
        <source>Put into the queue</source>
        <translation>In die Warteschlange gestellt</translation>
    </message>
    <message>
        <source>the job for Slurm is not in order</source>
        <translation>der Job für Slurm ist nicht in Ordnung</translation>
    </message>
    <message>
        <source>Slurm job</source>
        <translation>Slurm-Job</translation>
    </message>
    <message>
        <source>The configuration as text, and its job</source>
        <translation>Die Konfiguration als Text, und ihr Job</translation>
    </message>
</context>
<context>
    <name>retort::Duration</name>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
</context>
<context>
    <name>retort::ExportDialog</name>
    <message>
        <source>PRM800K (JSON lines)</source>
        <translation>PRM800K (JSON-Zeilen)</translation>
    </message>
    <message>
        <source>ProcessBench (JSON)</source>
        <translation>ProcessBench (JSON)</translation>
    </message>
    <message>
        <source>TRL, stepwise supervision (JSON lines)</source>
        <translation>TRL, Stepwise Supervision (JSON-Zeilen)</translation>
    </message>
    <message>
        <source>TRL, preferred samples (JSON lines)</source>
        <translation>TRL, bevorzugte Stichproben (JSON-Zeilen)</translation>
    </message>
    <message>
        <source>TRL, corrected steps as preferences (JSON lines)</source>
        <translation>TRL, korrigierte Schritte als Präferenzen (JSON-Zeilen)</translation>
    </message>
    <message>
        <source>A table (CSV)</source>
        <translation>Eine Tabelle (CSV)</translation>
    </message>
    <message>
        <source>Everything (JSON lines)</source>
        <translation>Alles (JSON-Zeilen)</translation>
    </message>
    <message>
        <source>Export labels</source>
        <translation>Labels exportieren</translation>
    </message>
    <message>
        <source>The finished items of this queue</source>
        <translation>Die abgeschlossenen Einträge dieser Warteschlange</translation>
    </message>
    <message>
        <source>Everything that they annotated</source>
        <translation>Alles, was sie annotiert haben</translation>
    </message>
    <message>
        <source>A step that is &amp;okay (0) counts as</source>
        <translation>Ein Schritt mit &amp;okay (0) gilt als</translation>
    </message>
    <message>
        <source>right (it is no error)</source>
        <translation>richtig (er ist kein Fehler)</translation>
    </message>
    <message>
        <source>wrong (as TRL&apos;s own converter has it)</source>
        <translation>falsch (wie in TRLs eigenem Konverter)</translation>
    </message>
    <message>
        <source>not labelled</source>
        <translation>ohne Label</translation>
    </message>
    <message>
        <source>Labels of</source>
        <translation>Labels von</translation>
    </message>
    <message>
        <source>&amp;Which</source>
        <translation>&amp;Welche</translation>
    </message>
    <message>
        <source>&amp;Format</source>
        <translation>&amp;Format</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation>Wird exportiert …</translation>
    </message>
    <message numerus="yes">
        <source>%n record(s) written to %1</source>
        <translation>
            <numerusform>%n Datensatz nach %1 geschrieben</numerusform>
            <numerusform>%n Datensätze nach %1 geschrieben</numerusform>
        </translation>
    </message>
    <message>
        <source>left out, %1: %2</source>
        <translation>ausgelassen, %1: %2</translation>
    </message>
</context>
<context>
    <name>retort::FactTable</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
</context>
<context>
    <name>retort::FarContentPanel</name>
    <message>
        <source>&amp;Look</source>
        <translation>&amp;Nachsehen</translation>
    </message>
    <message>
        <source>&amp;Remove there…</source>
        <translation>Dort &amp;entfernen …</translation>
    </message>
    <message>
        <source>Remove what was &amp;brought…</source>
        <translation>&amp;Hingebrachtes entfernen …</translation>
    </message>
    <message>
        <source>Runs on the machine</source>
        <translation>Läufe auf der Maschine</translation>
    </message>
    <message>
        <source>Asking %1…</source>
        <translation>%1 wird gefragt …</translation>
    </message>
    <message>
        <source>Remove on the machine</source>
        <translation>Auf der Maschine entfernen</translation>
    </message>
    <message>
        <source>%1 (%2) is removed on %3 for good. What was brought here of it stays.</source>
        <translation>%1 (%2) wird auf %3 endgültig entfernt. Was davon hierher geholt wurde, bleibt.</translation>
    </message>
    <message>
        <source>Programs, data and checkpoints that were brought to %1 (%2) are removed there. The next run brings what it needs again.</source>
        <translation>Programme, Daten und Checkpoints, die zu %1 gebracht wurden (%2), werden dort entfernt. Der nächste Lauf bringt wieder hin, was er braucht.</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Directory there</source>
        <translation>Verzeichnis dort</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>%1 in all, of which %2 were brought (programs, data, checkpoints)</source>
        <translation>Insgesamt %1, davon %2 hingebracht (Programme, Daten, Checkpoints)</translation>
    </message>
    <message>
        <source>Look shows the runs, programs and data that lie there, and their sizes.</source>
        <translation>Ansehen zeigt die Läufe, Programme und Daten, die dort liegen, und ihre Größen.</translation>
    </message>
</context>
<context>
    <name>retort::FindBar</name>
    <message>
        <source>Find in this trace</source>
        <translation>In dieser Spur suchen</translation>
    </message>
    <message>
        <source>Enter: next, Shift+Enter: previous, Esc: close</source>
        <translation>Eingabe: nächster, Umschalt+Eingabe: voriger, Esc: schließen</translation>
    </message>
    <message>
        <source>Hits</source>
        <translation>Treffer</translation>
    </message>
    <message>
        <source>Upper and lower case matter</source>
        <translation>Groß- und Kleinschreibung beachten</translation>
    </message>
    <message>
        <source>Previous hit (Shift+Enter)</source>
        <translation>Voriger Treffer (Umschalt+Eingabe)</translation>
    </message>
    <message>
        <source>Next hit (Enter)</source>
        <translation>Nächster Treffer (Eingabe)</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>searching…</source>
        <translation>sucht …</translation>
    </message>
    <message>
        <source>not found</source>
        <translation>nicht gefunden</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>%1 of more than %2</source>
        <translation>%1 von mehr als %2</translation>
    </message>
</context>
<context>
    <name>retort::FlipTable</name>
    <message>
        <source>Problems by who solves them</source>
        <translation>Aufgaben danach, wer sie löst</translation>
    </message>
    <message>
        <source>%1 ✓</source>
        <translation>%1 ✓</translation>
    </message>
    <message>
        <source>%1 ✗</source>
        <translation>%1 ✗</translation>
    </message>
    <message>
        <source>both solve</source>
        <translation>beide lösen</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>verloren</translation>
    </message>
    <message>
        <source>won</source>
        <translation>gewonnen</translation>
    </message>
    <message>
        <source>neither solves</source>
        <translation>keiner löst</translation>
    </message>
    <message>
        <source>Both solve these</source>
        <translation>Diese lösen beide</translation>
    </message>
    <message>
        <source>Only %1 solves these</source>
        <translation>Diese löst nur %1</translation>
    </message>
    <message>
        <source>Neither solves these</source>
        <translation>Diese löst keiner</translation>
    </message>
    <message>
        <source>Click to list them below; again for all</source>
        <translation>Klick listet sie unten auf; noch einmal: alle</translation>
    </message>
</context>
<context>
    <name>retort::FoundRunModel</name>
    <message>
        <source>say what its columns are</source>
        <translation>sag, was ihre Spalten sind</translation>
    </message>
    <message>
        <source>live</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>silent</source>
        <translation>still</translation>
    </message>
    <message>
        <source>followed already</source>
        <translation>schon verfolgt</translation>
    </message>
    <message>
        <source>adopted before</source>
        <translation>früher übernommen</translation>
    </message>
    <message>
        <source>not all can be read</source>
        <translation>nicht alles ist lesbar</translation>
    </message>
    <message>
        <source>table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Points</source>
        <translation>Punkte</translation>
    </message>
    <message>
        <source>Last step</source>
        <translation>Letzter Schritt</translation>
    </message>
    <message>
        <source>Written</source>
        <translation>Geschrieben</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
</context>
<context>
    <name>retort::GenerationTab</name>
    <message>
        <source>The text of %1 was not kept (evaluation.traces says of how many it is): type it.</source>
        <translation>Der Text von %1 wurde nicht behalten (evaluation.traces sagt, von wie vielen): bitte eintippen.</translation>
    </message>
    <message>
        <source>No checkpoint of this step is on the disk.</source>
        <translation>Von diesem Schritt liegt kein Checkpoint auf der Platte.</translation>
    </message>
    <message>
        <source>sample %1 of %2</source>
        <translation>Stichprobe %1 von %2</translation>
    </message>
    <message>
        <source>Add a second checkpoint above to see its answer beside this one.</source>
        <translation>Ein zweiter Checkpoint oben zeigt seine Antwort neben dieser.</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>Abbre&amp;chen</translation>
    </message>
    <message>
        <source>&amp;Generate</source>
        <translation>&amp;Generieren</translation>
    </message>
    <message>
        <source>%1, reference %2</source>
        <translation>%1, Referenz %2</translation>
    </message>
    <message>
        <source>This window has no training module, so checkpoints cannot be asked.</source>
        <translation>Dieses Fenster hat kein Trainingsmodul, daher lassen sich Checkpoints nicht fragen.</translation>
    </message>
    <message>
        <source>None of these steps has a checkpoint on the disk, so there is nothing to ask.</source>
        <translation>Von keinem dieser Schritte liegt ein Checkpoint auf der Platte, also gibt es nichts zu fragen.</translation>
    </message>
    <message>
        <source>Type a prompt, or choose “Ask again” at a problem: each compared checkpoint answers it, one after the other, and the answers are set side by side against the baseline&apos;s.

The text goes to the model as it is: no chat template is put around it.</source>
        <translation>Einen Prompt eintippen oder bei einer Aufgabe „Noch einmal fragen“ wählen: Jeder verglichene Checkpoint beantwortet ihn, einer nach dem anderen, und die Antworten stehen neben der der Baseline.

Der Text geht, wie er ist, an das Modell: ohne Chat-Vorlage.</translation>
    </message>
    <message>
        <source>Prompt, as the model gets it</source>
        <translation>Prompt, wie ihn das Modell bekommt</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>&amp;Generate answers</source>
        <translation>Antworten &amp;generieren</translation>
    </message>
    <message>
        <source>&amp;Cancel generating</source>
        <translation>Generieren &amp;abbrechen</translation>
    </message>
    <message>
        <source>0 (greedy)</source>
        <translation>0 (greedy)</translation>
    </message>
    <message>
        <source>For temperatures above 0: a greedy answer is always the same</source>
        <translation>Für Temperaturen über 0: Eine Greedy-Antwort ist immer dieselbe</translation>
    </message>
    <message>
        <source>&amp;Temperature</source>
        <translation>&amp;Temperatur</translation>
    </message>
    <message>
        <source>Ma&amp;x. tokens</source>
        <translation>Ma&amp;x. Token</translation>
    </message>
    <message>
        <source>Sam&amp;ples</source>
        <translation>Stich&amp;proben</translation>
    </message>
    <message>
        <source>S&amp;eed</source>
        <translation>S&amp;eed</translation>
    </message>
    <message>
        <source>Ctrl+Enter asks every compared checkpoint, Esc cancels</source>
        <translation>Strg+Eingabe fragt jeden verglichenen Checkpoint, Esc bricht ab</translation>
    </message>
    <message>
        <source>Checkpoints that have answered</source>
        <translation>Checkpoints, die geantwortet haben</translation>
    </message>
    <message>
        <source>Asked before</source>
        <translation>Schon gefragt</translation>
    </message>
    <message>
        <source>The prompts of this session, with their answers</source>
        <translation>Die Prompts dieser Sitzung mit ihren Antworten</translation>
    </message>
    <message>
        <source>Answers of the checkpoints</source>
        <translation>Antworten der Checkpoints</translation>
    </message>
    <message>
        <source>All side by side</source>
        <translation>Alle nebeneinander</translation>
    </message>
    <message>
        <source>The chosen one against the baseline</source>
        <translation>Der gewählte gegen die Baseline</translation>
    </message>
    <message>
        <source>Which answers are shown</source>
        <translation>Welche Antworten gezeigt werden</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>Copy the answers</source>
        <translation>Antworten kopieren</translation>
    </message>
    <message>
        <source>Copy as JSON</source>
        <translation>Als JSON kopieren</translation>
    </message>
    <message>
        <source>Save as JSON…</source>
        <translation>Als JSON speichern …</translation>
    </message>
    <message>
        <source>JSON files (*.json)</source>
        <translation>JSON-Dateien (*.json)</translation>
    </message>
    <message>
        <source>Save as CSV…</source>
        <translation>Als CSV speichern …</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>CSV-Dateien (*.csv)</translation>
    </message>
</context>
<context>
    <name>retort::GroupTableModel</name>
    <message>
        <source>reward</source>
        <translation>Belohnung</translation>
    </message>
    <message>
        <source>advantage</source>
        <translation>Vorteil</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>keine Antwort</translation>
    </message>
    <message>
        <source>cut off</source>
        <translation>abgeschnitten</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>answer</source>
        <translation>Antwort</translation>
    </message>
</context>
<context>
    <name>retort::GroupView</name>
    <message>
        <source>The group side by side</source>
        <translation>Die Gruppe nebeneinander</translation>
    </message>
</context>
<context>
    <name>retort::HeatMapView</name>
    <message>
        <source>Heat map</source>
        <translation>Heatmap</translation>
    </message>
    <message>
        <source>Heat map: %1</source>
        <translation>Heatmap: %1</translation>
    </message>
    <message>
        <source>%1: nothing there</source>
        <translation>%1: nichts da</translation>
    </message>
    <message>
        <source>no picture could be made</source>
        <translation>es ließ sich kein Bild erzeugen</translation>
    </message>
    <message>
        <source>Copy the values</source>
        <translation>Werte kopieren</translation>
    </message>
    <message>
        <source>Copy the picture</source>
        <translation>Bild kopieren</translation>
    </message>
    <message>
        <source>Save as CSV, PNG or SVG…</source>
        <translation>Als CSV, PNG oder SVG speichern …</translation>
    </message>
    <message>
        <source>Save the heat map</source>
        <translation>Heatmap speichern</translation>
    </message>
    <message>
        <source>CSV (*.csv);;PNG (*.png);;SVG (*.svg)</source>
        <translation>CSV (*.csv);;PNG (*.png);;SVG (*.svg)</translation>
    </message>
</context>
<context>
    <name>retort::HistoryPanel</name>
    <message>
        <source>rating</source>
        <translation>Bewertung</translation>
    </message>
    <message>
        <source>unsure</source>
        <translation>unsicher</translation>
    </message>
    <message>
        <source>first error</source>
        <translation>erster Fehler</translation>
    </message>
    <message>
        <source>kinds of error</source>
        <translation>Fehlerarten</translation>
    </message>
    <message>
        <source>note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>correction</source>
        <translation>Korrektur</translation>
    </message>
    <message>
        <source>correctness</source>
        <translation>Richtigkeit</translation>
    </message>
    <message>
        <source>helpfulness</source>
        <translation>Nutzen</translation>
    </message>
    <message>
        <source>preference</source>
        <translation>Präferenz</translation>
    </message>
    <message>
        <source>ranking</source>
        <translation>Rangfolge</translation>
    </message>
    <message>
        <source>outcome</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Wer</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>Old</source>
        <translation>Alt</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Neu</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>Seconds</source>
        <translation>Sekunden</translation>
    </message>
    <message>
        <source>Undoes</source>
        <translation>Nimmt zurück</translation>
    </message>
    <message>
        <source>Focused time since the event before</source>
        <translation>Zeit im Fokus seit dem Ereignis davor</translation>
    </message>
    <message>
        <source>The event that this one takes back</source>
        <translation>Das Ereignis, das dieses zurücknimmt</translation>
    </message>
    <message>
        <source>undo of %1</source>
        <translation>Rücknahme von %1</translation>
    </message>
    <message>
        <source>Nothing was said of this trace yet.</source>
        <translation>Zu dieser Spur wurde noch nichts gesagt.</translation>
    </message>
    <message numerus="yes">
        <source>%n event(s), newest first</source>
        <translation>
            <numerusform>%n Ereignis</numerusform>
            <numerusform>%n Ereignisse, das neueste zuerst</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::ImportDialog</name>
    <message>
        <source>%1: imported before</source>
        <translation>%1: schon importiert</translation>
    </message>
    <message numerus="yes">
        <source>%n trace(s)</source>
        <translation>
            <numerusform>%n Spur</numerusform>
            <numerusform>%n Spuren</numerusform>
        </translation>
    </message>
    <message>
        <source>what was appended since</source>
        <translation>was seitdem hinzukam</translation>
    </message>
    <message numerus="yes">
        <source>%n duplicate(s) passed over</source>
        <translation>
            <numerusform>%n Duplikat übergangen</numerusform>
            <numerusform>%n Duplikate übergangen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n with the id of another one</source>
        <translation>
            <numerusform>%n mit der Kennung einer anderen</numerusform>
            <numerusform>%n mit der Kennung einer anderen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n left out</source>
        <translation>
            <numerusform>%n ausgelassen</numerusform>
            <numerusform>%n ausgelassen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n wrong</source>
        <translation>
            <numerusform>%n fehlerhaft</numerusform>
            <numerusform>%n fehlerhaft</numerusform>
        </translation>
    </message>
    <message>
        <source>Import traces</source>
        <translation>Spuren importieren</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>&amp;Add files…</source>
        <translation>Dateien &amp;hinzufügen …</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>Records that are wrong</source>
        <translation>Fehlerhafte Datensätze</translation>
    </message>
    <message>
        <source>&amp;Import</source>
        <translation>&amp;Importieren</translation>
    </message>
    <message numerus="yes">
        <source>%1: %n trace(s)</source>
        <translation>
            <numerusform>%1: %n Spur</numerusform>
            <numerusform>%1: %n Spuren</numerusform>
        </translation>
    </message>
    <message>
        <source>By the first record</source>
        <translation>Nach dem ersten Datensatz</translation>
    </message>
    <message>
        <source>after the first file</source>
        <translation>nach der ersten Datei</translation>
    </message>
    <message>
        <source>Which members of a record hold prompt, completion, answer, id, reward, correct, step and tokens.</source>
        <translation>Welche Felder eines Datensatzes prompt, completion, answer, id, reward, correct, step und tokens enthalten.</translation>
    </message>
    <message>
        <source>&amp;Format</source>
        <translation>&amp;Format</translation>
    </message>
    <message>
        <source>Mem&amp;bers</source>
        <translation>Fe&amp;lder</translation>
    </message>
    <message>
        <source>&amp;Name of the run</source>
        <translation>&amp;Name des Laufs</translation>
    </message>
    <message>
        <source>Files of traces</source>
        <translation>Dateien mit Spuren</translation>
    </message>
    <message>
        <source>Traces (*.jsonl *.json *.parquet *.eval *.ndjson)</source>
        <translation>Spuren (*.jsonl *.json *.parquet *.eval *.ndjson)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen …</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>Stopped: nothing was imported.</source>
        <translation>Angehalten: Es wurde nichts importiert.</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>Zeile</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Feld</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>Was nicht stimmt</translation>
    </message>
</context>
<context>
    <name>retort::InProcessBackend</name>
    <message>
        <source>The trainer failed without a message</source>
        <translation>Der Trainer brach ohne Meldung ab</translation>
    </message>
    <message>
        <source>The trainer failed with an unknown exception</source>
        <translation>Der Trainer brach mit einer unbekannten Ausnahme ab</translation>
    </message>
    <message>
        <source>In this program</source>
        <translation>In diesem Programm</translation>
    </message>
    <message>
        <source>For short runs: ends when the window is closed, one at a time</source>
        <translation>Für kurze Läufe: endet mit dem Fenster, einer nach dem anderen</translation>
    </message>
</context>
<context>
    <name>retort::Inspector</name>
    <message>
        <source>✗ bad (−1)</source>
        <translation>✗ schlecht (−1)</translation>
    </message>
    <message>
        <source>○ okay (0)</source>
        <translation>○ okay (0)</translation>
    </message>
    <message>
        <source>✓ great (+1)</source>
        <translation>✓ sehr gut (+1)</translation>
    </message>
    <message>
        <source>Checker</source>
        <translation>Prüfer</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>Person</translation>
    </message>
    <message>
        <source>Monte Carlo</source>
        <translation>Monte Carlo</translation>
    </message>
    <message>
        <source>Reward model</source>
        <translation>Belohnungsmodell</translation>
    </message>
    <message>
        <source>Critic</source>
        <translation>Kritiker</translation>
    </message>
    <message>
        <source>Detector</source>
        <translation>Detektor</translation>
    </message>
    <message>
        <source>Rewards</source>
        <translation>Belohnungen</translation>
    </message>
    <message>
        <source>Reward</source>
        <translation>Belohnung</translation>
    </message>
    <message>
        <source>Advantage</source>
        <translation>Vorteil</translation>
    </message>
    <message>
        <source>%1 of %2 succeed (95 %: %3–%4)</source>
        <translation>%1 von %2 gelingen (95 %: %3–%4)</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>Inspektor</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>Stichprobe</translation>
    </message>
    <message>
        <source>No per-token numbers were recorded.</source>
        <translation>Werte je Token wurden nicht aufgezeichnet.</translation>
    </message>
    <message>
        <source>No token here.</source>
        <translation>Hier ist kein Token.</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Stelle</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>Kennung</translation>
    </message>
    <message>
        <source>Most probable here</source>
        <translation>Hier am wahrscheinlichsten</translation>
    </message>
    <message>
        <source>Rank of the sampled</source>
        <translation>Rang des gezogenen</translation>
    </message>
    <message>
        <source>below the first %1</source>
        <translation>nicht unter den ersten %1</translation>
    </message>
    <message>
        <source>token %1</source>
        <translation>Token %1</translation>
    </message>
    <message>
        <source>id %1, log p %2</source>
        <translation>Kennung %1, log p %2</translation>
    </message>
    <message>
        <source>No step is chosen.</source>
        <translation>Kein Schritt ist gewählt.</translation>
    </message>
    <message>
        <source>Step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Thinking, in no step</source>
        <translation>Denken, in keinem Schritt</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>Task&apos;s checker</source>
        <translation>Prüfer der Aufgabenart</translation>
    </message>
    <message>
        <source>✓ right</source>
        <translation>✓ richtig</translation>
    </message>
    <message>
        <source>✗ wrong</source>
        <translation>✗ falsch</translation>
    </message>
    <message>
        <source>≠ These judges disagree.</source>
        <translation>≠ Diese Urteile widersprechen sich.</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Mean, and lowest to highest</source>
        <translation>Mittel, und niedrigster bis höchster Wert</translation>
    </message>
    <message>
        <source>%1, %2 to %3</source>
        <translation>%1, %2 bis %3</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabenart</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Phase</source>
        <translation>Phase</translation>
    </message>
    <message>
        <source>Ended by</source>
        <translation>Beendet durch</translation>
    </message>
    <message>
        <source>the length limit</source>
        <translation>die Längengrenze</translation>
    </message>
    <message>
        <source>Right steps</source>
        <translation>Richtige Schritte</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Branched off</source>
        <translation>Abgezweigt</translation>
    </message>
    <message>
        <source>Origin</source>
        <translation>Ursprung</translation>
    </message>
    <message>
        <source>step %1, group %2, sample %3</source>
        <translation>Schritt %1, Gruppe %2, Stichprobe %3</translation>
    </message>
    <message>
        <source>At byte</source>
        <translation>Bei Byte</translation>
    </message>
    <message>
        <source>Went on by</source>
        <translation>Fortgesetzt von</translation>
    </message>
    <message>
        <source>Before it</source>
        <translation>Davor</translation>
    </message>
    <message>
        <source>edited by hand or forced</source>
        <translation>von Hand bearbeitet oder vorgegeben</translation>
    </message>
</context>
<context>
    <name>retort::InterpolationTab</name>
    <message>
        <source>This program was built without training: merges cannot be measured.</source>
        <translation>Dieses Programm wurde ohne Training gebaut: Merges können nicht gemessen werden.</translation>
    </message>
    <message>
        <source>There is a way between two checkpoints that are still on the disk. Add another one.</source>
        <translation>Einen Weg gibt es zwischen zwei Checkpoints, die noch auf der Platte liegen. Füge noch einen hinzu.</translation>
    </message>
    <message>
        <source>A plane goes through three checkpoints that are still on the disk. Add another one.</source>
        <translation>Eine Ebene geht durch drei Checkpoints, die noch auf der Platte liegen. Füge noch einen hinzu.</translation>
    </message>
    <message>
        <source>Choose different checkpoints.</source>
        <translation>Wähle verschiedene Checkpoints.</translation>
    </message>
    <message>
        <source>Looking at the checkpoints…</source>
        <translation>Die Checkpoints werden angesehen …</translation>
    </message>
    <message>
        <source>There is no way between these checkpoints:</source>
        <translation>Zwischen diesen Checkpoints gibt es keinen Weg:</translation>
    </message>
    <message>
        <source>Tick a task to measure on.</source>
        <translation>Kreuze eine Aufgabe an, an der gemessen wird.</translation>
    </message>
    <message>
        <source>Cancelled. What was measured is kept, and measuring goes on from there.</source>
        <translation>Abgebrochen. Was gemessen ist, bleibt, und von dort geht es weiter.</translation>
    </message>
    <message>
        <source>Copied: the recipe of this point, as mergekit and the Merge page take it.</source>
        <translation>Kopiert: das Rezept dieses Punktes, wie mergekit und die Merge-Seite es nehmen.</translation>
    </message>
    <message>
        <source>State of the measurement</source>
        <translation>Stand der Messung</translation>
    </message>
    <message>
        <source>Why nothing can be measured</source>
        <translation>Warum nichts gemessen werden kann</translation>
    </message>
    <message>
        <source>What is measured</source>
        <translation>Was gemessen wird</translation>
    </message>
    <message>
        <source>Between two</source>
        <translation>Zwischen zweien</translation>
    </message>
    <message>
        <source>Plane of three</source>
        <translation>Ebene durch drei</translation>
    </message>
    <message>
        <source>A</source>
        <translation>A</translation>
    </message>
    <message>
        <source>B</source>
        <translation>B</translation>
    </message>
    <message>
        <source>C</source>
        <translation>C</translation>
    </message>
    <message>
        <source>Checkpoint %1</source>
        <translation>Checkpoint %1</translation>
    </message>
    <message>
        <source>&amp;Measure</source>
        <translation>&amp;Messen</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>How closely each point is measured</source>
        <translation>Wie genau jeder Punkt gemessen wird</translation>
    </message>
    <message>
        <source>Loss, a quick look</source>
        <translation>Loss, ein kurzer Blick</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>Loss</translation>
    </message>
    <message>
        <source>Loss and accuracy</source>
        <translation>Loss und Genauigkeit</translation>
    </message>
    <message>
        <source>A quick look takes a few examples; accuracy lets every merge write its answers, which takes longest</source>
        <translation>Ein kurzer Blick nimmt wenige Beispiele; für die Genauigkeit schreibt jeder Merge seine Antworten, das dauert am längsten</translation>
    </message>
    <message>
        <source>Points of the curve</source>
        <translation>Punkte der Kurve</translation>
    </message>
    <message>
        <source>%1 points</source>
        <translation>%1 Punkte</translation>
    </message>
    <message>
        <source>Points of the plane</source>
        <translation>Punkte der Ebene</translation>
    </message>
    <message>
        <source>%1 × %1 points</source>
        <translation>%1 × %1 Punkte</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>Abbre&amp;chen</translation>
    </message>
    <message>
        <source>Measuring the distances and angles between the three…</source>
        <translation>Abstände und Winkel zwischen den dreien werden gemessen …</translation>
    </message>
    <message>
        <source>Reading the models…</source>
        <translation>Modelle werden gelesen …</translation>
    </message>
    <message>
        <source>%1 of %2 points</source>
        <translation>%1 von %2 Punkten</translation>
    </message>
    <message>
        <source>, about %1 left</source>
        <translation>, noch etwa %1</translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1 und %2 weitere</translation>
    </message>
    <message>
        <source>Loss: cross entropy of the reference completions, at most %1 held-out problems a task (%2).</source>
        <translation>Loss: Kreuzentropie der Referenzlösungen, höchstens %1 Testaufgaben je Aufgabenart (%2).</translation>
    </message>
    <message>
        <source>Accuracy: greedy answers to %1 problems a task.</source>
        <translation>Genauigkeit: Greedy-Antworten auf %1 Aufgaben je Aufgabenart.</translation>
    </message>
    <message>
        <source>All points are measured.</source>
        <translation>Alle Punkte sind gemessen.</translation>
    </message>
</context>
<context>
    <name>retort::JudgeDialog</name>
    <message>
        <source>Judge traces</source>
        <translation>Spuren beurteilen</translation>
    </message>
    <message>
        <source>&amp;Judge</source>
        <translation>&amp;Beurteilen</translation>
    </message>
    <message>
        <source>The open trace</source>
        <translation>Die geöffnete Spur</translation>
    </message>
    <message numerus="yes">
        <source>Its group (%n trace(s))</source>
        <translation>
            <numerusform>Ihre Gruppe (%n Spur)</numerusform>
            <numerusform>Ihre Gruppe (%n Spuren)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The list (%n trace(s))</source>
        <translation>
            <numerusform>Die Liste (%n Spur)</numerusform>
            <numerusform>Die Liste (%n Spuren)</numerusform>
        </translation>
    </message>
    <message>
        <source>Monte-Carlo rollouts</source>
        <translation>Monte-Carlo-Rollouts</translation>
    </message>
    <message>
        <source>OmegaPRM (binary search)</source>
        <translation>OmegaPRM (binäre Suche)</translation>
    </message>
    <message>
        <source>Process reward model</source>
        <translation>Prozess-Belohnungsmodell</translation>
    </message>
    <message>
        <source>Critic</source>
        <translation>Kritiker</translation>
    </message>
    <message>
        <source>Detectors (no model)</source>
        <translation>Detektoren (ohne Modell)</translation>
    </message>
    <message>
        <source>after the checkpoint</source>
        <translation>nach dem Checkpoint</translation>
    </message>
    <message>
        <source>Traces that are judged</source>
        <translation>Beurteilte Spuren</translation>
    </message>
    <message>
        <source>&amp;Traces</source>
        <translation>&amp;Spuren</translation>
    </message>
    <message>
        <source>At &amp;most</source>
        <translation>&amp;Höchstens</translation>
    </message>
    <message>
        <source>&amp;By</source>
        <translation>&amp;Durch</translation>
    </message>
    <message>
        <source>&amp;Checkpoint</source>
        <translation>Chec&amp;kpoint</translation>
    </message>
    <message>
        <source>&amp;Rollouts a step</source>
        <translation>&amp;Rollouts je Schritt</translation>
    </message>
    <message>
        <source>Sear&amp;ches a trace</source>
        <translation>S&amp;uchen je Spur</translation>
    </message>
    <message>
        <source>T&amp;emperature</source>
        <translation>&amp;Temperatur</translation>
    </message>
    <message>
        <source>&amp;Name of the lane</source>
        <translation>&amp;Name der Urteile</translation>
    </message>
    <message>
        <source>Answers that &amp;vote</source>
        <translation>&amp;Antworten, die abstimmen</translation>
    </message>
    <message>
        <source>From the end of each step the checkpoint writes on; the value is the share of right answers: the chance to recover, not whether the step is right.</source>
        <translation>Vom Ende jedes Schrittes an schreibt der Checkpoint weiter; der Wert ist der Anteil richtiger Antworten: die Chance, noch ans Ziel zu kommen, nicht, ob der Schritt richtig ist.</translation>
    </message>
    <message>
        <source>The first step from which no rollout comes out right, found by halving (OmegaPRM).</source>
        <translation>Der erste Schritt, von dem aus kein Rollout richtig endet, durch Halbieren gefunden (OmegaPRM).</translation>
    </message>
    <message>
        <source>The probability that each step is right, as the process reward model sees it.</source>
        <translation>Wie wahrscheinlich jeder Schritt nach dem Prozess-Belohnungsmodell richtig ist.</translation>
    </message>
    <message>
        <source>A language model is asked for the first wrong step, in ProcessBench&apos;s form.</source>
        <translation>Ein Sprachmodell wird nach dem ersten falschen Schritt gefragt, in der Form von ProcessBench.</translation>
    </message>
    <message>
        <source>What can be seen without a model: flaws that repeat, an answer that does not fit the thinking, repetition, reflection and backtracking.</source>
        <translation>Was sich ohne Modell sehen lässt: wiederkehrende Fehler, eine Antwort, die nicht zum Denken passt, Wiederholungen, Innehalten und Umkehren.</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>Abbre&amp;chen</translation>
    </message>
    <message>
        <source>Reading the traces…</source>
        <translation>Spuren werden gelesen …</translation>
    </message>
    <message numerus="yes">
        <source>%n trace(s) judged</source>
        <translation>
            <numerusform>%n Spur beurteilt</numerusform>
            <numerusform>%n Spuren beurteilt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rollout(s)</source>
        <translation>
            <numerusform>%n Rollout</numerusform>
            <numerusform>%n Rollouts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n without a word (%1)</source>
        <translation>
            <numerusform>%n ohne Urteil (%1)</numerusform>
            <numerusform>%n ohne Urteil (%1)</numerusform>
        </translation>
    </message>
    <message>
        <source>; cancelled before the rest</source>
        <translation>; vor dem Rest abgebrochen</translation>
    </message>
    <message>
        <source>This window has no training module, so no model can be asked.</source>
        <translation>Dieses Fenster hat kein Trainingsmodul, daher lässt sich kein Modell fragen.</translation>
    </message>
    <message>
        <source>No finished run of the recipe prm has a checkpoint. Make a PRM dataset, and train one.</source>
        <translation>Kein fertiger Lauf des Rezepts prm hat einen Checkpoint. Mach einen PRM-Datensatz, und trainiere einen.</translation>
    </message>
    <message>
        <source>No run has a checkpoint on the disk.</source>
        <translation>Von keinem Lauf liegt ein Checkpoint auf der Platte.</translation>
    </message>
</context>
<context>
    <name>retort::KeepDialog</name>
    <message>
        <source>Keep this merge as a checkpoint</source>
        <translation>Diesen Merge als Checkpoint behalten</translation>
    </message>
    <message>
        <source>A run merges the models in full, writes the checkpoint, and evaluates it on the ticked tasks. It appears in Runs like any other.</source>
        <translation>Ein Lauf mergt die Modelle vollständig, schreibt den Checkpoint und wertet ihn an den angekreuzten Aufgaben aus. Er erscheint unter „Läufe“ wie jeder andere.</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>&amp;Behalten</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Runs in</source>
        <translation>Läu&amp;ft in</translation>
    </message>
</context>
<context>
    <name>retort::KeyBindings</name>
    <message>
        <source>Alt with an arrow belongs to the system.</source>
        <translation>Alt mit einer Pfeiltaste gehört dem System.</translation>
    </message>
    <message>
        <source>This key is needed for moving about and for typing.</source>
        <translation>Diese Taste wird zum Bewegen und zum Schreiben gebraucht.</translation>
    </message>
</context>
<context>
    <name>retort::KeyButton</name>
    <message>
        <source>Suggested: %1</source>
        <translation>Vorschlag: %1</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>gewählt</translation>
    </message>
</context>
<context>
    <name>retort::Keys</name>
    <message>
        <source>Rate the step: bad (−1)</source>
        <translation>Schritt bewerten: schlecht (−1)</translation>
    </message>
    <message>
        <source>✗ Bad</source>
        <translation>✗ Schlecht</translation>
    </message>
    <message>
        <source>Rate the step: okay (0)</source>
        <translation>Schritt bewerten: okay (0)</translation>
    </message>
    <message>
        <source>○ Okay</source>
        <translation>○ Okay</translation>
    </message>
    <message>
        <source>Rate the step: great (+1)</source>
        <translation>Schritt bewerten: sehr gut (+1)</translation>
    </message>
    <message>
        <source>✓ Great</source>
        <translation>✓ Sehr gut</translation>
    </message>
    <message>
        <source>Clear the rating</source>
        <translation>Bewertung löschen</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>The first error is here</source>
        <translation>Der erste Fehler ist hier</translation>
    </message>
    <message>
        <source>First error</source>
        <translation>1. Fehler</translation>
    </message>
    <message>
        <source>No step is wrong</source>
        <translation>Kein Schritt ist falsch</translation>
    </message>
    <message>
        <source>No error</source>
        <translation>Fehlerfrei</translation>
    </message>
    <message>
        <source>Kind of error, then its letter</source>
        <translation>Fehlerart, dann ihr Buchstabe</translation>
    </message>
    <message>
        <source>Kind…</source>
        <translation>Art …</translation>
    </message>
    <message>
        <source>Unsure about the step</source>
        <translation>Beim Schritt unsicher</translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation>Unsicher</translation>
    </message>
    <message>
        <source>Note on the step or the selection</source>
        <translation>Notiz zum Schritt oder zur Auswahl</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Write the step as it should be</source>
        <translation>Schritt schreiben, wie er sein sollte</translation>
    </message>
    <message>
        <source>Correct</source>
        <translation>Korrigieren</translation>
    </message>
    <message>
        <source>This sample is better</source>
        <translation>Diese Stichprobe ist besser</translation>
    </message>
    <message>
        <source>This</source>
        <translation>Diese</translation>
    </message>
    <message>
        <source>The other sample is better</source>
        <translation>Die andere Stichprobe ist besser</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Andere</translation>
    </message>
    <message>
        <source>Both samples are equally good</source>
        <translation>Beide Stichproben sind gleich gut</translation>
    </message>
    <message>
        <source>Tie</source>
        <translation>Gleich</translation>
    </message>
    <message>
        <source>Rank the samples of the group</source>
        <translation>Stichproben der Gruppe in Rangfolge bringen</translation>
    </message>
    <message>
        <source>Skip, with a reason</source>
        <translation>Überspringen, mit Grund</translation>
    </message>
    <message>
        <source>Skip…</source>
        <translation>Überspringen …</translation>
    </message>
    <message>
        <source>Bad problem, with a reason</source>
        <translation>Schlechte Aufgabe, mit Grund</translation>
    </message>
    <message>
        <source>Bad problem…</source>
        <translation>Schlechte Aufgabe …</translation>
    </message>
    <message>
        <source>Give up, with a reason</source>
        <translation>Aufgeben, mit Grund</translation>
    </message>
    <message>
        <source>Give up…</source>
        <translation>Aufgeben …</translation>
    </message>
    <message>
        <source>Submit and next</source>
        <translation>Abgeben und weiter</translation>
    </message>
    <message>
        <source>Submit</source>
        <translation>Abgeben</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Save (everything is saved by itself, too)</source>
        <translation>Speichern (alles wird auch von selbst gespeichert)</translation>
    </message>
    <message>
        <source>Go to the next step after a rating</source>
        <translation>Nach einer Bewertung zum nächsten Schritt</translation>
    </message>
    <message>
        <source>Advance</source>
        <translation>Vorrücken</translation>
    </message>
    <message>
        <source>Next item of the queue</source>
        <translation>Nächster Eintrag der Warteschlange</translation>
    </message>
    <message>
        <source>Previous item of the queue</source>
        <translation>Voriger Eintrag der Warteschlange</translation>
    </message>
    <message>
        <source>Traces or queue</source>
        <translation>Spuren oder Warteschlange</translation>
    </message>
    <message>
        <source>Guidelines of the queue</source>
        <translation>Richtlinien der Warteschlange</translation>
    </message>
</context>
<context>
    <name>retort::Lab</name>
    <message>
        <source>The study &apos;%1&apos; is still going.</source>
        <translation>Die Studie „%1“ läuft noch.</translation>
    </message>
</context>
<context>
    <name>retort::LaneBox</name>
    <message>
        <source>Checker</source>
        <translation>Prüfer</translation>
    </message>
    <message>
        <source>Human</source>
        <translation>Person</translation>
    </message>
    <message>
        <source>Monte Carlo</source>
        <translation>Monte Carlo</translation>
    </message>
    <message>
        <source>Process reward model</source>
        <translation>Prozess-Belohnungsmodell</translation>
    </message>
    <message>
        <source>Critic</source>
        <translation>Kritiker</translation>
    </message>
    <message>
        <source>Detector</source>
        <translation>Detektor</translation>
    </message>
    <message>
        <source>Lane</source>
        <translation>Urteile</translation>
    </message>
    <message>
        <source>no lanes</source>
        <translation>keine Urteile</translation>
    </message>
    <message numerus="yes">
        <source>%1 (%n trace(s))</source>
        <translation>
            <numerusform>%1 (%n Spur)</numerusform>
            <numerusform>%1 (%n Spuren)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::LaneLegend</name>
    <message>
        <source>The scale goes from the 1st to the 99th percentile of this trace&apos;s tokens; values beyond it have the colour of its end. The thin bar on each token says the same without colour.</source>
        <translation>Die Skala geht vom 1. bis zum 99. Perzentil der Token dieser Spur; Werte jenseits davon haben die Farbe ihres Endes. Der schmale Balken an jedem Token sagt dasselbe ohne Farbe.</translation>
    </message>
    <message>
        <source>Scale of %1: %2 to %3</source>
        <translation>Skala von %1: %2 bis %3</translation>
    </message>
</context>
<context>
    <name>retort::LaunchBar</name>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>R&amp;uns in</source>
        <translation>Läu&amp;ft in</translation>
    </message>
    <message>
        <source>Launches this many runs that differ in their seed alone: seed, seed + 1 …</source>
        <translation>Startet so viele Läufe, die sich nur im Startwert unterscheiden: seed, seed + 1 …</translation>
    </message>
    <message>
        <source>See&amp;ds</source>
        <translation>Start&amp;werte</translation>
    </message>
    <message>
        <source>&amp;Launch</source>
        <translation>&amp;Starten</translation>
    </message>
    <message>
        <source>Launch  (Ctrl+Return)</source>
        <translation>Starten  (Strg+Eingabe)</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Launch %n run(s)</source>
        <translation>
            <numerusform>%n Lauf &amp;starten</numerusform>
            <numerusform>%n Läufe &amp;starten</numerusform>
        </translation>
    </message>
    <message>
        <source>Launching…</source>
        <translation>Wird gestartet …</translation>
    </message>
    <message>
        <source>So many runs go at the same time; the others wait in the queue for their turn</source>
        <translation>So viele Läufe gehen gleichzeitig; die anderen warten in der Schlange, bis sie an der Reihe sind</translation>
    </message>
    <message>
        <source>at &amp;once</source>
        <translation>gl&amp;eichzeitig</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>So many tasks of the job array go at the same time</source>
        <translation>So viele Aufgaben des Job-Arrays laufen gleichzeitig</translation>
    </message>
    <message>
        <source>&amp;Queue</source>
        <translation>In die Wa&amp;rteschlange</translation>
    </message>
    <message>
        <source>Waits for its turn, and for the runs that it starts from  (Ctrl+Shift+Return)</source>
        <translation>Wartet, bis er an der Reihe ist, und auf die Läufe, von denen er ausgeht  (Strg+Umschalt+Eingabe)</translation>
    </message>
    <message>
        <source>&amp;Processes</source>
        <translation>&amp;Prozesse</translation>
    </message>
    <message>
        <source>So many processes there train the run together: each takes its share of every batch, and the result is that of one, to rounding</source>
        <translation>So viele Prozesse dort trainieren den Lauf zusammen: jeder nimmt seinen Teil jedes Batches, und das Ergebnis ist bis auf Rundung das von einem</translation>
    </message>
</context>
<context>
    <name>retort::LaunchSteps</name>
    <message>
        <source>bringing %1: %2 % of %3 MB</source>
        <translation>%1 wird gebracht: %2 % von %3 MB</translation>
    </message>
</context>
<context>
    <name>retort::LayerMap</name>
    <message>
        <source>relative L2</source>
        <translation>relatives L2</translation>
    </message>
    <message>
        <source>cosine</source>
        <translation>Kosinus</translation>
    </message>
    <message>
        <source>share changed</source>
        <translation>geänderter Anteil</translation>
    </message>
    <message>
        <source>sign conflicts</source>
        <translation>Vorzeichenkonflikte</translation>
    </message>
    <message>
        <source>Layer map: %1</source>
        <translation>Schichtenkarte: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s)</source>
        <translation>
            <numerusform>%n Tensor</numerusform>
            <numerusform>%n Tensoren</numerusform>
        </translation>
    </message>
    <message>
        <source>lightest %1, darkest %2; columns are blocks</source>
        <translation>am hellsten %1, am dunkelsten %2; Spalten sind Blöcke</translation>
    </message>
    <message>
        <source>block</source>
        <translation>Block</translation>
    </message>
    <message>
        <source>module</source>
        <translation>Modul</translation>
    </message>
    <message>
        <source>value</source>
        <translation>Wert</translation>
    </message>
</context>
<context>
    <name>retort::LayerView</name>
    <message>
        <source>Coefficient</source>
        <translation>Koeffizient</translation>
    </message>
    <message>
        <source>The recipe gives no tensor a coefficient.</source>
        <translation>Das Rezept gibt keinem Tensor einen Koeffizienten.</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
</context>
<context>
    <name>retort::LineageDetails</name>
    <message>
        <source>Details of the checkpoint</source>
        <translation>Einzelheiten des Checkpoints</translation>
    </message>
    <message>
        <source>&amp;Open its run</source>
        <translation>Lauf ö&amp;ffnen</translation>
    </message>
    <message>
        <source>Shows the run in Runs (Enter)</source>
        <translation>Zeigt den Lauf unter „Läufe“ (Eingabe)</translation>
    </message>
    <message>
        <source>Compute &amp;hash</source>
        <translation>Ha&amp;sh berechnen</translation>
    </message>
    <message>
        <source>Reads the weights once; equal hashes are equal weights</source>
        <translation>Liest die Gewichte einmal; gleiche Hashes sind gleiche Gewichte</translation>
    </message>
    <message>
        <source>Copy &amp;path</source>
        <translation>&amp;Pfad kopieren</translation>
    </message>
    <message>
        <source>Path of the checkpoint&apos;s folder</source>
        <translation>Pfad des Checkpoint-Ordners</translation>
    </message>
    <message>
        <source>Show &amp;folder</source>
        <translation>&amp;Ordner zeigen</translation>
    </message>
    <message>
        <source>Opens the folder in the file manager</source>
        <translation>Öffnet den Ordner in der Dateiverwaltung</translation>
    </message>
    <message>
        <source>Co&amp;mpare…</source>
        <translation>&amp;Vergleichen …</translation>
    </message>
    <message>
        <source>This checkpoint with the one that is marked beside it</source>
        <translation>Diesen Checkpoint mit dem daneben markierten</translation>
    </message>
    <message>
        <source>Mer&amp;ge…</source>
        <translation>&amp;Mergen …</translation>
    </message>
    <message>
        <source>Opens the merge bench with the marked checkpoints</source>
        <translation>Öffnet die Merge-Werkbank mit den markierten Checkpoints</translation>
    </message>
    <message>
        <source>Select a checkpoint to see where it came from. With a second one (Ctrl and click, or M), what differs between the two is listed.</source>
        <translation>Wähle einen Checkpoint, um zu sehen, woher er kommt. Mit einem zweiten (Strg und Klick, oder M) wird aufgelistet, worin sich die beiden unterscheiden.</translation>
    </message>
    <message>
        <source>Hash is known</source>
        <translation>Hash ist bekannt</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>Studie</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>Entstanden</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Hash</source>
        <translation>Hash</translation>
    </message>
    <message>
        <source>Known from</source>
        <translation>Bekannt aus</translation>
    </message>
    <message>
        <source>Earlier checkpoints</source>
        <translation>Frühere Checkpoints</translation>
    </message>
    <message>
        <source>Parents</source>
        <translation>Eltern</translation>
    </message>
    <message>
        <source>Children</source>
        <translation>Kinder</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Hashing…</source>
        <translation>Hash wird berechnet …</translation>
    </message>
</context>
<context>
    <name>retort::LineageDifferencePanel</name>
    <message>
        <source>The way between the two checkpoints</source>
        <translation>Der Weg zwischen den beiden Checkpoints</translation>
    </message>
    <message>
        <source>What differs</source>
        <translation>Unterschiede</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>&amp;Export CSV…</source>
        <translation>CSV &amp;exportieren …</translation>
    </message>
    <message>
        <source>Mark a second checkpoint: Ctrl and click, or M on the keyboard.</source>
        <translation>Markiere einen zweiten Checkpoint: Strg und Klick, oder M auf der Tastatur.</translation>
    </message>
    <message>
        <source>Reading both checkpoints…</source>
        <translation>Beide Checkpoints werden gelesen …</translation>
    </message>
    <message>
        <source>%1 and %2 are not related by anything that is recorded.</source>
        <translation>%1 und %2 verbindet nichts, was aufgezeichnet ist.</translation>
    </message>
    <message>
        <source>No common ancestor is known.</source>
        <translation>Kein gemeinsamer Vorfahr ist bekannt.</translation>
    </message>
    <message>
        <source>Common ancestor: %1</source>
        <translation>Gemeinsamer Vorfahr: %1</translation>
    </message>
    <message>
        <source>Nothing that is recorded differs.</source>
        <translation>Nichts Aufgezeichnetes unterscheidet sich.</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Export the differences</source>
        <translation>Unterschiede exportieren</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>CSV-Dateien (*.csv)</translation>
    </message>
    <message>
        <source>Could not write %1: %2</source>
        <translation>%1 konnte nicht geschrieben werden: %2</translation>
    </message>
</context>
<context>
    <name>retort::LineageLegend</name>
    <message>
        <source>Kinds of edges: %1</source>
        <translation>Arten von Kanten: %1</translation>
    </message>
</context>
<context>
    <name>retort::LineagePage</name>
    <message>
        <source>Could not write %1: %2</source>
        <translation>%1 konnte nicht geschrieben werden: %2</translation>
    </message>
    <message>
        <source>Lineage</source>
        <translation>Abstammung</translation>
    </message>
    <message>
        <source>&amp;Find checkpoints</source>
        <translation>Checkpoints &amp;finden</translation>
    </message>
    <message>
        <source>Search the graph</source>
        <translation>Im Graphen suchen</translation>
    </message>
    <message>
        <source>Next hit</source>
        <translation>Nächster Treffer</translation>
    </message>
    <message>
        <source>Previous hit</source>
        <translation>Voriger Treffer</translation>
    </message>
    <message>
        <source>Fit the whole graph</source>
        <translation>Ganzen Graphen einpassen</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Actual size</source>
        <translation>Originalgröße</translation>
    </message>
    <message>
        <source>Mark to compare with the next one</source>
        <translation>Zum Vergleich mit dem nächsten markieren</translation>
    </message>
    <message>
        <source>Fold or unfold what came from it</source>
        <translation>Nachkommen ein- oder ausklappen</translation>
    </message>
    <message>
        <source>Fold or unfold the chain behind it</source>
        <translation>Kette dahinter ein- oder ausklappen</translation>
    </message>
    <message>
        <source>Fold all chains</source>
        <translation>Alle Ketten einklappen</translation>
    </message>
    <message>
        <source>Unfold everything</source>
        <translation>Alles ausklappen</translation>
    </message>
    <message>
        <source>Add a checkpoint&apos;s folder…</source>
        <translation>Ordner eines Checkpoints hinzufügen …</translation>
    </message>
    <message>
        <source>Copy its path</source>
        <translation>Pfad kopieren</translation>
    </message>
    <message>
        <source>Show its folder</source>
        <translation>Ordner zeigen</translation>
    </message>
    <message>
        <source>&amp;Open its run</source>
        <translation>Lauf ö&amp;ffnen</translation>
    </message>
    <message>
        <source>Export the graph</source>
        <translation>Graphen exportieren</translation>
    </message>
    <message>
        <source>Export as &amp;PNG…</source>
        <translation>Als &amp;PNG exportieren …</translation>
    </message>
    <message>
        <source>Export as &amp;SVG…</source>
        <translation>Als &amp;SVG exportieren …</translation>
    </message>
    <message>
        <source>Export as &amp;DOT (Graphviz)…</source>
        <translation>Als &amp;DOT exportieren (Graphviz) …</translation>
    </message>
    <message>
        <source>Export as &amp;CSV…</source>
        <translation>Als &amp;CSV exportieren …</translation>
    </message>
    <message>
        <source>Could not write %1</source>
        <translation>%1 konnte nicht geschrieben werden</translation>
    </message>
    <message>
        <source>The graph is too large for a PNG; export it as SVG.</source>
        <translation>Der Graph ist zu groß für ein PNG; exportiere ihn als SVG.</translation>
    </message>
    <message>
        <source>Search name, recipe, method, study, path, hash</source>
        <translation>Name, Rezept, Methode, Studie, Pfad, Hash suchen</translation>
    </message>
    <message>
        <source>Search checkpoints</source>
        <translation>Checkpoints suchen</translation>
    </message>
    <message>
        <source>What is wrong with the records</source>
        <translation>Was an den Aufzeichnungen nicht stimmt</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>Checkpoint</translation>
    </message>
    <message>
        <source>What differs</source>
        <translation>Unterschiede</translation>
    </message>
    <message>
        <source>No checkpoints yet</source>
        <translation>Noch keine Checkpoints</translation>
    </message>
    <message>
        <source>Every checkpoint that a run saves appears here, joined to what it was trained, distilled or merged from. Checkpoints that were made elsewhere join by dropping their folder on this page; mergekit&apos;s and Retort&apos;s own records in it are read.</source>
        <translation>Jeder Checkpoint, den ein Lauf sichert, erscheint hier, verbunden mit dem, woraus er trainiert, destilliert oder gemergt wurde. Anderswo entstandene kommen hinzu, indem du ihren Ordner auf dieser Seite ablegst; was mergekit und Retort darin aufgezeichnet haben, wird gelesen.</translation>
    </message>
    <message>
        <source>Run the quickstart</source>
        <translation>Schnellstart ausführen</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>und %1 weitere</translation>
    </message>
    <message numerus="yes">
        <source>%n checkpoint(s)</source>
        <translation>
            <numerusform>%n Checkpoint</numerusform>
            <numerusform>%n Checkpoints</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>%n gefunden</numerusform>
            <numerusform>%n gefunden</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Add the folder of a checkpoint</source>
        <translation>Ordner eines Checkpoints hinzufügen</translation>
    </message>
    <message>
        <source>Details of the checkpoint</source>
        <translation>Einzelheiten des Checkpoints</translation>
    </message>
</context>
<context>
    <name>retort::LineageView</name>
    <message>
        <source>Lineage of the checkpoints</source>
        <translation>Abstammung der Checkpoints</translation>
    </message>
    <message>
        <source>, accuracy %1</source>
        <translation>, Genauigkeit %1</translation>
    </message>
</context>
<context>
    <name>retort::LivePage</name>
    <message>
        <source>No run is selected</source>
        <translation>Kein Lauf ist gewählt</translation>
    </message>
    <message>
        <source>Select runs in Runs to see their curves here, or start the quickstart study: a small model learns a reasoning task in a few minutes.</source>
        <translation>Wähle unter „Läufe“ aus, wessen Kurven du hier sehen willst, oder starte die Schnellstart-Studie: Ein kleines Modell lernt in wenigen Minuten eine Denkaufgabe.</translation>
    </message>
    <message>
        <source>Start the quickstart</source>
        <translation>Schnellstart beginnen</translation>
    </message>
    <message>
        <source>Design a run</source>
        <translation>Lauf entwerfen</translation>
    </message>
    <message>
        <source>No values yet</source>
        <translation>Noch keine Werte</translation>
    </message>
    <message>
        <source>The curves appear as soon as the run writes its first step.</source>
        <translation>Die Kurven erscheinen, sobald der Lauf seinen ersten Schritt schreibt.</translation>
    </message>
    <message>
        <source>Filter metrics</source>
        <translation>Messgrößen filtern</translation>
    </message>
    <message>
        <source>Filter metrics by name</source>
        <translation>Messgrößen nach Namen filtern</translation>
    </message>
    <message>
        <source>&amp;X axis</source>
        <translation>&amp;X-Achse</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>X axis</source>
        <translation>X-Achse</translation>
    </message>
    <message>
        <source>S&amp;moothing</source>
        <translation>&amp;Glättung</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>Glättung</translation>
    </message>
    <message>
        <source>Debiased exponential moving average over all points; the raw line stays behind it</source>
        <translation>Exponentielles gleitendes Mittel ohne Anfangsfehler über alle Punkte; die rohe Linie bleibt dahinter sichtbar</translation>
    </message>
    <message>
        <source>Log scale</source>
        <translation>Log-Skala</translation>
    </message>
    <message>
        <source>Logarithmic scale in all charts</source>
        <translation>Logarithmische Skala in allen Diagrammen</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>X axis: step</source>
        <translation>X-Achse: Schritt</translation>
    </message>
    <message>
        <source>X axis: tokens</source>
        <translation>X-Achse: Token</translation>
    </message>
    <message>
        <source>X axis: time</source>
        <translation>X-Achse: Zeit</translation>
    </message>
    <message>
        <source>No smoothing</source>
        <translation>Keine Glättung</translation>
    </message>
    <message>
        <source>Back to all charts</source>
        <translation>Zurück zu allen Diagrammen</translation>
    </message>
    <message>
        <source>The first %1 of %2 selected runs</source>
        <translation>Die ersten %1 von %2 gewählten Läufen</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>Save all points</source>
        <translation>Alle Punkte speichern</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>CSV-Dateien (*.csv)</translation>
    </message>
    <message>
        <source>SVG pictures (*.svg)</source>
        <translation>SVG-Bilder (*.svg)</translation>
    </message>
    <message>
        <source>PNG pictures (*.png)</source>
        <translation>PNG-Bilder (*.png)</translation>
    </message>
    <message>
        <source>Save the picture</source>
        <translation>Bild speichern</translation>
    </message>
    <message>
        <source>Traces at step %1</source>
        <translation>Spuren bei Schritt %1</translation>
    </message>
    <message>
        <source>Traces here</source>
        <translation>Spuren an dieser Stelle</translation>
    </message>
</context>
<context>
    <name>retort::LocalProcessBackend</name>
    <message>
        <source>Local process</source>
        <translation>Eigener Prozess</translation>
    </message>
    <message>
        <source>Goes on when the window is closed; the default</source>
        <translation>Läuft weiter, wenn das Fenster geschlossen wird; die Voreinstellung</translation>
    </message>
</context>
<context>
    <name>retort::MachineDialog</name>
    <message>
        <source>Add a machine</source>
        <translation>Maschine hinzufügen</translation>
    </message>
    <message>
        <source>Edit %1</source>
        <translation>%1 bearbeiten</translation>
    </message>
    <message>
        <source>as after ssh: gpu-box, or user@host; empty: this machine</source>
        <translation>wie hinter ssh: gpu-box oder user@host; leer: dieser Rechner</translation>
    </message>
    <message>
        <source>as ~/.ssh/config says</source>
        <translation>wie in ~/.ssh/config</translation>
    </message>
    <message>
        <source>none: runs start at once, or wait here</source>
        <translation>keiner: Läufe beginnen gleich oder warten hier</translation>
    </message>
    <message>
        <source>the system&apos;s</source>
        <translation>die des Systems</translation>
    </message>
    <message>
        <source>GPUs do not matter</source>
        <translation>GPUs spielen keine Rolle</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>SSH &amp;destination</source>
        <translation>SSH-&amp;Ziel</translation>
    </message>
    <message>
        <source>&amp;Port</source>
        <translation>&amp;Port</translation>
    </message>
    <message>
        <source>&amp;Work folder there</source>
        <translation>&amp;Arbeitsordner dort</translation>
    </message>
    <message>
        <source>&amp;Environment</source>
        <translation>&amp;Umgebung</translation>
    </message>
    <message>
        <source>S&amp;cheduler</source>
        <translation>S&amp;cheduler</translation>
    </message>
    <message>
        <source>&amp;LibTorch</source>
        <translation>&amp;LibTorch</translation>
    </message>
    <message>
        <source>Runs at &amp;once</source>
        <translation>Läufe &amp;gleichzeitig</translation>
    </message>
    <message>
        <source>Runs a &amp;GPU</source>
        <translation>Läufe je GP&amp;U</translation>
    </message>
    <message>
        <source>Runs that go on are followed to their end as they were begun, while this window is open; what is changed holds for those that start from now on.</source>
        <translation>Laufende Läufe werden bis zu ihrem Ende so verfolgt, wie sie begonnen wurden, solange dieses Fenster offen ist; Änderungen gelten für die, die von jetzt an starten.</translation>
    </message>
    <message>
        <source>Secrets</source>
        <translation>Geheimnisse</translation>
    </message>
    <message>
        <source>normal (nice 0)</source>
        <translation>normal (nice 0)</translation>
    </message>
    <message>
        <source>nice </source>
        <translation>nice </translation>
    </message>
    <message>
        <source>With which runs begin there: the larger, the more they leave to other people&apos;s programs. Under Slurm the cluster decides.</source>
        <translation>Womit Läufe dort beginnen: je größer, desto mehr überlassen sie den Programmen anderer. Unter Slurm entscheidet der Cluster.</translation>
    </message>
    <message>
        <source>P&amp;riority</source>
        <translation>P&amp;riorität</translation>
    </message>
</context>
<context>
    <name>retort::MachinesPage</name>
    <message>
        <source>Machines</source>
        <translation>Maschinen</translation>
    </message>
    <message>
        <source>Runs of the machine</source>
        <translation>Läufe der Maschine</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>What is there</source>
        <translation>Was dort liegt</translation>
    </message>
    <message>
        <source>No machines yet</source>
        <translation>Noch keine Maschinen</translation>
    </message>
    <message>
        <source>A machine is where runs execute besides this one: a workstation with a GPU or a cluster with Slurm, reached by the ssh that you use already. Runs there go on without the window, and appear here as if they were yours.</source>
        <translation>Auf Maschinen laufen Läufe außer auf diesem Rechner: auf einer Workstation mit GPU oder einem Cluster mit Slurm, erreicht über das ssh, das du schon benutzt. Läufe dort gehen ohne das Fenster weiter und erscheinen hier wie die eigenen.</translation>
    </message>
    <message>
        <source>Add a machine…</source>
        <translation>Maschine hinzufügen …</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>Bearbeiten …</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Entfernen …</translation>
    </message>
    <message>
        <source>Nothing has run there. Design offers the machine at “Runs in”.</source>
        <translation>Dort ist noch nichts gelaufen. „Entwurf“ bietet die Maschine bei „Läuft in“ an.</translation>
    </message>
    <message>
        <source>Enter or double click shows the run in Live.</source>
        <translation>Eingabe oder Doppelklick zeigt den Lauf in Live.</translation>
    </message>
    <message>
        <source>Remove a machine</source>
        <translation>Maschine entfernen</translation>
    </message>
    <message>
        <source>%1 is forgotten here. What lies there stays, and so do its runs in this lab; those that are going can no longer be followed.</source>
        <translation>%1 wird hier vergessen. Was dort liegt, bleibt, und auch ihre Läufe in diesem Labor; solche, die gerade laufen, können nicht mehr verfolgt werden.</translation>
    </message>
    <message>
        <source>Build retort-cli there</source>
        <translation>retort-cli dort bauen</translation>
    </message>
</context>
<context>
    <name>retort::MainWindow</name>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Design</source>
        <translation>Entwurf</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>Traces</source>
        <translation>Spuren</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Start the &amp;quickstart study</source>
        <translation>&amp;Schnellstart-Studie beginnen</translation>
    </message>
    <message>
        <source>&amp;Back up the store…</source>
        <translation>Speicher &amp;sichern …</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>&amp;Lauf</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>&amp;Stop after this step</source>
        <translation>Nach diesem Schritt &amp;anhalten</translation>
    </message>
    <message>
        <source>&amp;Pause or go on</source>
        <translation>&amp;Pause oder weiter</translation>
    </message>
    <message>
        <source>Save a &amp;checkpoint now</source>
        <translation>Jetzt einen &amp;Kontrollpunkt sichern</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Kill its process</source>
        <translation>Prozess &amp;abbrechen</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <source>Go to Runs</source>
        <translation>Zu den Läufen</translation>
    </message>
    <message>
        <source>Go to Design</source>
        <translation>Zum Entwurf</translation>
    </message>
    <message>
        <source>Go to Live</source>
        <translation>Zu Live</translation>
    </message>
    <message>
        <source>Go to Traces</source>
        <translation>Zu den Spuren</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Farben</translation>
    </message>
    <message>
        <source>Theme: as the &amp;system</source>
        <translation>Farben: wie das &amp;System</translation>
    </message>
    <message>
        <source>Theme: &amp;light</source>
        <translation>Farben: &amp;hell</translation>
    </message>
    <message>
        <source>Theme: &amp;dark</source>
        <translation>Farben: &amp;dunkel</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <source>Language: as the &amp;system</source>
        <translation>Sprache: wie das &amp;System</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>&amp;Command palette…</source>
        <translation>&amp;Befehlspalette …</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts…</source>
        <translation>&amp;Tastenkürzel …</translation>
    </message>
    <message>
        <source>&amp;About Retort…</source>
        <translation>Ü&amp;ber Retort …</translation>
    </message>
    <message>
        <source>Store: %1</source>
        <translation>Speicher: %1</translation>
    </message>
    <message>
        <source>Progress of the running runs</source>
        <translation>Fortschritt der laufenden Läufe</translation>
    </message>
    <message>
        <source>No run is going</source>
        <translation>Kein Lauf ist im Gange</translation>
    </message>
    <message>
        <source>Running: %1</source>
        <translation>Läuft: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n runs are going</source>
        <translation>
            <numerusform>%n Lauf ist im Gange</numerusform>
            <numerusform>%n Läufe sind im Gange</numerusform>
        </translation>
    </message>
    <message>
        <source>Starting the quickstart study…</source>
        <translation>Die Schnellstart-Studie beginnt …</translation>
    </message>
    <message>
        <source>Select a run first</source>
        <translation>Wähle zuerst einen Lauf</translation>
    </message>
    <message>
        <source>Back up the store</source>
        <translation>Speicher sichern</translation>
    </message>
    <message>
        <source>Stores (*.db)</source>
        <translation>Speicher (*.db)</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>%1 gespeichert</translation>
    </message>
    <message>
        <source>About Retort</source>
        <translation>Über Retort</translation>
    </message>
    <message>
        <source>&lt;h3&gt;Retort %1&lt;/h3&gt;&lt;p&gt;A native lab for post-training small reasoning models.&lt;/p&gt;&lt;p&gt;Free software under the GNU General Public License, version 3 or later. It comes with no warranty.&lt;/p&gt;&lt;p&gt;Made with Qt %2 and SQLite; training with LibTorch, which is loaded at the first launch.&lt;/p&gt;</source>
        <translation>&lt;h3&gt;Retort %1&lt;/h3&gt;&lt;p&gt;Ein natives Labor für das Nachtraining kleiner denkender Modelle.&lt;/p&gt;&lt;p&gt;Freie Software unter der GNU General Public License, Version 3 oder später, ohne jede Gewährleistung.&lt;/p&gt;&lt;p&gt;Gemacht mit Qt %2 und SQLite; trainiert wird mit LibTorch, das beim ersten Start eines Laufs geladen wird.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>Lineage</source>
        <translation>Abstammung</translation>
    </message>
    <message>
        <source>Go to Lineage</source>
        <translation>Zur Abstammung</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>Merge</translation>
    </message>
    <message>
        <source>Go to Compare</source>
        <translation>Zum Vergleich</translation>
    </message>
    <message>
        <source>Go to Merge</source>
        <translation>Zum Merge</translation>
    </message>
    <message>
        <source>Only checkpoints of runs in this store can be compared.</source>
        <translation>Nur Checkpoints von Läufen dieses Speichers lassen sich vergleichen.</translation>
    </message>
    <message>
        <source>Machines</source>
        <translation>Maschinen</translation>
    </message>
    <message>
        <source>Go to Machines</source>
        <translation>Zu Maschinen</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Schlange</translation>
    </message>
    <message>
        <source>&amp;Adopt runs from a folder…</source>
        <translation>Läufe &amp;aus einem Ordner übernehmen …</translation>
    </message>
    <message>
        <source>Go to Queue</source>
        <translation>Zur Warteschlange</translation>
    </message>
</context>
<context>
    <name>retort::MappingPanel</name>
    <message>
        <source>S&amp;tep</source>
        <translation>Schri&amp;tt</translation>
    </message>
    <message>
        <source>Whole numbers; without such a column rows are counted</source>
        <translation>Ganze Zahlen; ohne eine solche Spalte werden die Zeilen gezählt</translation>
    </message>
    <message>
        <source>T&amp;ime</source>
        <translation>Ze&amp;it</translation>
    </message>
    <message>
        <source>Unix time in seconds or milliseconds, or ISO 8601</source>
        <translation>Unix-Zeit in Sekunden oder Millisekunden, oder ISO 8601</translation>
    </message>
    <message>
        <source>R&amp;un</source>
        <translation>La&amp;uf</translation>
    </message>
    <message>
        <source>Where one file holds several runs: which one a row belongs to</source>
        <translation>Wo eine Datei mehrere Läufe enthält: zu welchem eine Zeile gehört</translation>
    </message>
    <message>
        <source>&amp;Metric</source>
        <translation>&amp;Metrik</translation>
    </message>
    <message>
        <source>Where each row has one number: the name of its metric</source>
        <translation>Wo jede Zeile eine Zahl hat: der Name ihrer Metrik</translation>
    </message>
    <message>
        <source>&amp;Value</source>
        <translation>&amp;Wert</translation>
    </message>
    <message>
        <source>… and that number</source>
        <translation>… und diese Zahl</translation>
    </message>
    <message>
        <source>Use these &amp;columns</source>
        <translation>Diese &amp;Spalten nehmen</translation>
    </message>
    <message>
        <source>The first rows as they would be read</source>
        <translation>Die ersten Zeilen, wie sie gelesen würden</translation>
    </message>
    <message>
        <source>What is wrong with these columns</source>
        <translation>Was mit diesen Spalten nicht stimmt</translation>
    </message>
    <message>
        <source>by its name</source>
        <translation>nach ihrem Namen</translation>
    </message>
    <message>
        <source>It was adopted with these columns, which stay</source>
        <translation>Sie wurde mit diesen Spalten übernommen; sie bleiben</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen …</translation>
    </message>
    <message>
        <source>by its name: %1</source>
        <translation>nach ihrem Namen: %1</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
</context>
<context>
    <name>retort::MergePage</name>
    <message>
        <source>Open a merge recipe</source>
        <translation>Merge-Rezept öffnen</translation>
    </message>
    <message>
        <source>YAML files (*.yml *.yaml)</source>
        <translation>YAML-Dateien (*.yml *.yaml)</translation>
    </message>
    <message>
        <source>Save the merge recipe</source>
        <translation>Merge-Rezept speichern</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>%1 gespeichert</translation>
    </message>
    <message>
        <source>Recipe as YAML</source>
        <translation>Rezept als YAML</translation>
    </message>
    <message>
        <source>mergekit&apos;s YAML</source>
        <translation>YAML von mergekit</translation>
    </message>
    <message>
        <source>measure &amp;live</source>
        <translation>li&amp;ve messen</translation>
    </message>
    <message>
        <source>Measure while the sliders move: at first coarsely, closely when they rest</source>
        <translation>Messen, während die Regler sich bewegen: erst grob, und genau, wenn sie ruhen</translation>
    </message>
    <message>
        <source>Trade-off</source>
        <translation>Trade-off</translation>
    </message>
    <message>
        <source>Sweep</source>
        <translation>Sweep</translation>
    </message>
    <message>
        <source>Conflicts</source>
        <translation>Konflikte</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>Merge checkpoints</source>
        <translation>Checkpoints mergen</translation>
    </message>
    <message>
        <source>Choose two or more checkpoints that came from the same start. Sliders set how much of each goes into the merge, and what it scores on held-out problems is measured while they move. Folders can be dropped here, too.</source>
        <translation>Wähle zwei oder mehr Checkpoints gleichen Ursprungs. Regler bestimmen, wie viel von jedem in den Merge eingeht, und während sie sich bewegen, wird gemessen, wie er an Testaufgaben abschneidet. Auch Ordner lassen sich hier ablegen.</translation>
    </message>
    <message>
        <source>Add from runs…</source>
        <translation>Aus Läufen hinzufügen …</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>Open a recipe…</source>
        <translation>Rezept öffnen …</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>Merge</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>Red&amp;o</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Open recipe…</source>
        <translation>Rezept ö&amp;ffnen …</translation>
    </message>
    <message>
        <source>&amp;Save recipe…</source>
        <translation>Rezept &amp;speichern …</translation>
    </message>
    <message>
        <source>&amp;Copy recipe</source>
        <translation>Rezept &amp;kopieren</translation>
    </message>
    <message>
        <source>&amp;Measure now</source>
        <translation>Jetzt &amp;messen</translation>
    </message>
    <message>
        <source>&amp;Keep as checkpoint…</source>
        <translation>Als &amp;Checkpoint behalten …</translation>
    </message>
    <message>
        <source>&amp;Add checkpoints of runs to the merge…</source>
        <translation>Checkpoints von &amp;Läufen zum Merge hinzufügen …</translation>
    </message>
    <message>
        <source>Add a checkpoint&apos;s &amp;folder to the merge…</source>
        <translation>&amp;Ordner eines Checkpoints zum Merge hinzufügen …</translation>
    </message>
    <message>
        <source>Measure a &amp;row of points</source>
        <translation>Reihe von &amp;Punkten messen</translation>
    </message>
    <message>
        <source>Compare &amp;task vectors</source>
        <translation>&amp;Task-Vektoren vergleichen</translation>
    </message>
    <message>
        <source>Cancel &amp;measuring</source>
        <translation>Messung &amp;abbrechen</translation>
    </message>
    <message>
        <source>Forget the measured &amp;points</source>
        <translation>&amp;Gemessene Punkte vergessen</translation>
    </message>
    <message>
        <source>Choose a base: task vectors are what the models learned since it.</source>
        <translation>Wähle eine Basis: Task-Vektoren sind, was die Modelle seitdem gelernt haben.</translation>
    </message>
    <message>
        <source>Add a second model beside the base.</source>
        <translation>Füge neben der Basis ein zweites Modell hinzu.</translation>
    </message>
    <message>
        <source>This program was built without the resolution of recipes.</source>
        <translation>Dieses Programm wurde ohne die Auflösung von Rezepten gebaut.</translation>
    </message>
    <message>
        <source>Add models: what each layer takes of them is shown here.</source>
        <translation>Füge Modelle hinzu: Was jede Schicht von ihnen nimmt, wird hier gezeigt.</translation>
    </message>
    <message>
        <source>This program was built without training: merges cannot be measured.</source>
        <translation>Dieses Programm wurde ohne Training gebaut: Merges können nicht gemessen werden.</translation>
    </message>
    <message>
        <source>The recipe cannot be read yet.</source>
        <translation>Das Rezept lässt sich noch nicht lesen.</translation>
    </message>
    <message>
        <source>Choose a method.</source>
        <translation>Wähle eine Methode.</translation>
    </message>
    <message numerus="yes">
        <source>%1 wants at least %n model(s), the base not counted.</source>
        <translation>
            <numerusform>%1 braucht mindestens %n Modell, die Basis nicht mitgezählt.</numerusform>
            <numerusform>%1 braucht mindestens %n Modelle, die Basis nicht mitgezählt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 takes at most %n model(s), the base not counted.</source>
        <translation>
            <numerusform>%1 nimmt höchstens %n Modell, die Basis nicht mitgezählt.</numerusform>
            <numerusform>%1 nimmt höchstens %n Modelle, die Basis nicht mitgezählt.</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 needs a base: choose it on the left.</source>
        <translation>%1 braucht eine Basis: Wähle sie links.</translation>
    </message>
    <message>
        <source>&apos;%1&apos; has no value yet.</source>
        <translation>„%1“ hat noch keinen Wert.</translation>
    </message>
    <message>
        <source>Looking for the models…</source>
        <translation>Modelle werden gesucht …</translation>
    </message>
    <message>
        <source>%1 was not found.</source>
        <translation>%1 wurde nicht gefunden.</translation>
    </message>
    <message>
        <source>Tick a task to measure on.</source>
        <translation>Kreuze eine Aufgabe an, an der gemessen wird.</translation>
    </message>
    <message>
        <source>Move a slider: the merge is measured as you go.</source>
        <translation>Bewege einen Regler: Der Merge wird dabei gemessen.</translation>
    </message>
    <message>
        <source>Ctrl+Return measures the merge.</source>
        <translation>Strg+Eingabe misst den Merge.</translation>
    </message>
    <message>
        <source>λ from %1 to %2</source>
        <translation>λ von %1 nach %2</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Keeping %1…</source>
        <translation>%1 wird behalten …</translation>
    </message>
    <message>
        <source>%1 is being made: see Runs</source>
        <translation>%1 entsteht: siehe „Läufe“</translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation>Messungen</translation>
    </message>
</context>
<context>
    <name>retort::MessageBar</name>
    <message>
        <source>Copy the message</source>
        <translation>Meldung kopieren</translation>
    </message>
    <message>
        <source>Dismiss the message</source>
        <translation>Meldung schließen</translation>
    </message>
    <message>
        <source>Error: %1</source>
        <translation>Fehler: %1</translation>
    </message>
</context>
<context>
    <name>retort::Metric</name>
    <message>
        <source>Loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>Reward</source>
        <translation>Belohnung</translation>
    </message>
    <message>
        <source>Response length, mean</source>
        <translation>Antwortlänge, Mittel</translation>
    </message>
    <message>
        <source>Reward: spread within groups</source>
        <translation>Belohnung: Streuung in Gruppen</translation>
    </message>
    <message>
        <source>Groups without spread</source>
        <translation>Gruppen ohne Streuung</translation>
    </message>
    <message>
        <source>Response length, shortest</source>
        <translation>Antwortlänge, kürzeste</translation>
    </message>
    <message>
        <source>Response length, longest</source>
        <translation>Antwortlänge, längste</translation>
    </message>
    <message>
        <source>Length of ended responses, mean</source>
        <translation>Länge beendeter Antworten, Mittel</translation>
    </message>
    <message>
        <source>Responses cut off</source>
        <translation>Abgeschnittene Antworten</translation>
    </message>
    <message>
        <source>Worked answers</source>
        <translation>Ausgearbeitete Antworten</translation>
    </message>
    <message>
        <source>Token accuracy</source>
        <translation>Token-Genauigkeit</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>Lernrate</translation>
    </message>
    <message>
        <source>Gradient norm</source>
        <translation>Gradientennorm</translation>
    </message>
    <message>
        <source>Largest logit</source>
        <translation>Größtes Logit</translation>
    </message>
    <message>
        <source>Rollouts right: %1</source>
        <translation>Rollouts richtig: %1</translation>
    </message>
    <message>
        <source>Epoch</source>
        <translation>Epoche</translation>
    </message>
    <message>
        <source>Tokens trained on</source>
        <translation>Trainierte Token</translation>
    </message>
    <message>
        <source>Entropy</source>
        <translation>Entropie</translation>
    </message>
    <message>
        <source>KL to the reference</source>
        <translation>KL zur Referenz</translation>
    </message>
    <message>
        <source>Policy loss</source>
        <translation>Policy-Verlust</translation>
    </message>
    <message>
        <source>Clipped tokens</source>
        <translation>Gekappte Token</translation>
    </message>
    <message>
        <source>Clipped below</source>
        <translation>Unten gekappt</translation>
    </message>
    <message>
        <source>Clipped above</source>
        <translation>Oben gekappt</translation>
    </message>
    <message>
        <source>Training speed, tokens/s</source>
        <translation>Training, Token/s</translation>
    </message>
    <message>
        <source>Generation speed, tokens/s</source>
        <translation>Erzeugung, Token/s</translation>
    </message>
    <message>
        <source>Share of the peak rate</source>
        <translation>Anteil der Spitzenrate</translation>
    </message>
    <message>
        <source>Time per step, s</source>
        <translation>Zeit je Schritt, s</translation>
    </message>
    <message>
        <source>Held-out accuracy: %1</source>
        <translation>Genauigkeit im Test: %1</translation>
    </message>
    <message>
        <source>Reward: %1</source>
        <translation>Belohnung: %1</translation>
    </message>
    <message>
        <source>Reward: %1, spread</source>
        <translation>Belohnung: %1, Streuung</translation>
    </message>
    <message>
        <source>Step accuracy: %1</source>
        <translation>Schrittgenauigkeit: %1</translation>
    </message>
    <message>
        <source>Held-out length: %1</source>
        <translation>Länge im Test: %1</translation>
    </message>
    <message>
        <source>Worked answers, held-out: %1</source>
        <translation>Ausgearbeitet im Test: %1</translation>
    </message>
    <message>
        <source>Held-out: %1</source>
        <translation>Test: %1</translation>
    </message>
    <message>
        <source>Responses: %1</source>
        <translation>Antworten: %1</translation>
    </message>
    <message>
        <source>Clipped tokens: %1</source>
        <translation>Gekappte Token: %1</translation>
    </message>
    <message>
        <source>Sampling: %1</source>
        <translation>Stichproben: %1</translation>
    </message>
    <message>
        <source>Seconds a step: %1</source>
        <translation>Sekunden je Schritt: %1</translation>
    </message>
    <message>
        <source>Speed: %1</source>
        <translation>Tempo: %1</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Überblick</translation>
    </message>
    <message>
        <source>Responses</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>Held-out problems</source>
        <translation>Testaufgaben</translation>
    </message>
    <message>
        <source>Optimisation</source>
        <translation>Optimierung</translation>
    </message>
    <message>
        <source>Policy</source>
        <translation>Policy</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Weitere</translation>
    </message>
</context>
<context>
    <name>retort::Minimap</name>
    <message>
        <source>The whole trace: ratings, PRM score, token lane, search hits. Click to go there.</source>
        <translation>Die ganze Spur: Bewertungen, PRM-Wert, Token-Werte, Suchtreffer. Ein Klick führt dorthin.</translation>
    </message>
</context>
<context>
    <name>retort::MomentStrip</name>
    <message>
        <source>The same problem at other training steps</source>
        <translation>Dieselbe Aufgabe bei anderen Trainingsschritten</translation>
    </message>
    <message>
        <source>step %1, evaluation</source>
        <translation>Schritt %1, Auswertung</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>: %1 of %2 right, %3 tokens on average</source>
        <translation>: %1 von %2 richtig, im Mittel %3 Token</translation>
    </message>
    <message>
        <source>, mean reward %1</source>
        <translation>, mittlere Belohnung %1</translation>
    </message>
    <message>
        <source>pass rate</source>
        <translation>Lösungsquote</translation>
    </message>
    <message>
        <source>mean length, at most %1</source>
        <translation>mittlere Länge, höchstens %1</translation>
    </message>
</context>
<context>
    <name>retort::NavigationRail</name>
    <message>
        <source>Places</source>
        <translation>Orte</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
</context>
<context>
    <name>retort::ObjectListEditor</name>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Add to %1</source>
        <translation>Zu %1 hinzufügen</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
</context>
<context>
    <name>retort::ParameterField</name>
    <message>
        <source>Range: %1 to %2</source>
        <translation>Bereich: %1 bis %2</translation>
    </message>
    <message>
        <source>Range: %1</source>
        <translation>Bereich: %1</translation>
    </message>
    <message>
        <source>separated by commas</source>
        <translation>durch Kommas getrennt</translation>
    </message>
    <message>
        <source>a new model</source>
        <translation>ein neues Modell</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keiner</translation>
    </message>
    <message>
        <source>one a line</source>
        <translation>je Zeile eines</translation>
    </message>
</context>
<context>
    <name>retort::ParameterForm</name>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>Erweitert</translation>
    </message>
    <message>
        <source>Reset %1</source>
        <translation>%1 zurücksetzen</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>geändert</translation>
    </message>
    <message>
        <source>Back to the default: %1</source>
        <translation>Zurück zur Vorgabe: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n changed</source>
        <translation>
            <numerusform>%n geändert</numerusform>
            <numerusform>%n geändert</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s)</source>
        <translation>
            <numerusform>%n Problem</numerusform>
            <numerusform>%n Probleme</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::ParameterSliders</name>
    <message>
        <source>&amp;Method</source>
        <translation>&amp;Methode</translation>
    </message>
    <message>
        <source>Choose how the models become one.</source>
        <translation>Wähle, wie aus den Modellen eines wird.</translation>
    </message>
    <message>
        <source>This program was built without merge methods.</source>
        <translation>Dieses Programm wurde ohne Merge-Methoden gebaut.</translation>
    </message>
    <message>
        <source>There is no method &apos;%1&apos;.</source>
        <translation>Es gibt keine Methode „%1“.</translation>
    </message>
    <message>
        <source>The recipe has slices or modules: the text below rules.</source>
        <translation>Das Rezept hat slices oder modules: Es gilt der Text darunter.</translation>
    </message>
    <message>
        <source>The text below cannot be read yet: %1</source>
        <translation>Der Text darunter lässt sich noch nicht lesen: %1</translation>
    </message>
    <message>
        <source>%1 (the base)</source>
        <translation>%1 (die Basis)</translation>
    </message>
    <message>
        <source>Whole merge</source>
        <translation>Ganzer Merge</translation>
    </message>
    <message>
        <source>Take %1 out of the merge</source>
        <translation>%1 aus dem Merge nehmen</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
</context>
<context>
    <name>retort::ParentsPanel</name>
    <message>
        <source>&amp;Add from runs…</source>
        <translation>Aus Läufen hin&amp;zufügen …</translation>
    </message>
    <message>
        <source>Add a &amp;folder…</source>
        <translation>&amp;Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>Folders can also be dropped on this page</source>
        <translation>Ordner lassen sich auch auf dieser Seite ablegen</translation>
    </message>
    <message>
        <source>What the others were trained from: task vectors are what each of them has learned since</source>
        <translation>Woraus die anderen trainiert wurden: Task-Vektoren sind, was jedes von ihnen seitdem gelernt hat</translation>
    </message>
    <message>
        <source>The base&apos;s checkpoint folder</source>
        <translation>Checkpoint-Ordner der Basis</translation>
    </message>
    <message>
        <source>&amp;Base</source>
        <translation>&amp;Basis</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>a folder…</source>
        <translation>ein Ordner …</translation>
    </message>
    <message>
        <source>A checkpoint&apos;s folder</source>
        <translation>Ordner eines Checkpoints</translation>
    </message>
</context>
<context>
    <name>retort::PlaneMap</name>
    <message>
        <source>Map of the plane</source>
        <translation>Karte der Ebene</translation>
    </message>
    <message>
        <source>Map of the plane: %1</source>
        <translation>Karte der Ebene: %1</translation>
    </message>
    <message>
        <source>Nothing is measured yet</source>
        <translation>Noch ist nichts gemessen</translation>
    </message>
    <message>
        <source>%1 between %2 and %3</source>
        <translation>%1 zwischen %2 und %3</translation>
    </message>
    <message>
        <source>%1·A + %2·B + %3·C</source>
        <translation>%1·A + %2·B + %3·C</translation>
    </message>
    <message>
        <source>%1: not measured yet</source>
        <translation>%1: noch nicht gemessen</translation>
    </message>
    <message>
        <source>%1: about %2, not measured itself yet</source>
        <translation>%1: etwa %2, selbst noch nicht gemessen</translation>
    </message>
    <message>
        <source>%1: %2 %3</source>
        <translation>%1: %2 %3</translation>
    </message>
    <message>
        <source>No values yet</source>
        <translation>Noch keine Werte</translation>
    </message>
    <message>
        <source>Distances and angles as between the weights (L2)</source>
        <translation>Abstände und Winkel wie zwischen den Gewichten (L2)</translation>
    </message>
    <message>
        <source>x and y in L2 of the weights, not to one scale</source>
        <translation>x und y in L2 der Gewichte, nicht im selben Maßstab</translation>
    </message>
</context>
<context>
    <name>retort::PlanePanel</name>
    <message>
        <source>L&amp;og colours</source>
        <translation>L&amp;ogarithmische Farben</translation>
    </message>
    <message>
        <source>Points of the plane</source>
        <translation>Punkte der Ebene</translation>
    </message>
    <message>
        <source>About the plane</source>
        <translation>Zur Ebene</translation>
    </message>
    <message>
        <source>Points: Enter copies the recipe of one</source>
        <translation>Punkte: Die Eingabetaste kopiert das Rezept eines Punktes</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Maß</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>Loss</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabenart</translation>
    </message>
    <message>
        <source>Mean of the tasks</source>
        <translation>Mittel der Aufgabenarten</translation>
    </message>
    <message>
        <source>Colours by the logarithm: shows the valley where the loss outside is many times higher</source>
        <translation>Farben nach dem Logarithmus: zeigt das Tal, wo der Loss außerhalb um ein Vielfaches höher ist</translation>
    </message>
    <message>
        <source>Map of the plane</source>
        <translation>Karte der Ebene</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>Bild kopieren</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Save as PNG…</source>
        <translation>Als PNG speichern …</translation>
    </message>
    <message>
        <source>Save as SVG…</source>
        <translation>Als SVG speichern …</translation>
    </message>
    <message>
        <source>Copy the points</source>
        <translation>Punkte kopieren</translation>
    </message>
    <message>
        <source>Save the points as CSV…</source>
        <translation>Punkte als CSV speichern …</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>CSV-Dateien (*.csv)</translation>
    </message>
    <message>
        <source>The plane of A, B and C: %1</source>
        <translation>Die Ebene durch A, B und C: %1</translation>
    </message>
    <message>
        <source>Every point of the plane is a weighted sum of the three: A + a·(B−A) + b·(C−A). The map shows whether they lie in one valley of the loss, and where a merge of them is best.</source>
        <translation>Jeder Punkt der Ebene ist eine gewichtete Summe der drei: A + a·(B−A) + b·(C−A). Die Karte zeigt, ob sie in einem Tal des Loss liegen und wo ein Merge am besten ist.</translation>
    </message>
    <message>
        <source>So far:</source>
        <translation>Bisher:</translation>
    </message>
    <message>
        <source>No measured point has a lower mean loss than %1 itself (%2).</source>
        <translation>Kein gemessener Punkt hat einen niedrigeren mittleren Loss als %1 selbst (%2).</translation>
    </message>
    <message>
        <source>The mean loss is lowest, %1, at %2·A + %3·B + %4·C</source>
        <translation>Der mittlere Loss ist am niedrigsten, %1, bei %2·A + %3·B + %4·C</translation>
    </message>
    <message>
        <source>; the best of the three, %1, has %2.</source>
        <translation>; der beste der drei, %1, hat %2.</translation>
    </message>
    <message>
        <source>B−A is %1 long, C−A %2 (L2 of the weights), with %3° between them.</source>
        <translation>B−A ist %1 lang, C−A %2 (L2 der Gewichte), mit %3° dazwischen.</translation>
    </message>
</context>
<context>
    <name>retort::PlotView</name>
    <message>
        <source>Chart</source>
        <translation>Diagramm</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>Folgen</translation>
    </message>
    <message>
        <source>Show everything again and follow new values (0)</source>
        <translation>Wieder alles zeigen und neuen Werten folgen (0)</translation>
    </message>
    <message>
        <source>Chart: %1</source>
        <translation>Diagramm: %1</translation>
    </message>
    <message>
        <source>No value above 0 here</source>
        <translation>Hier ist kein Wert über 0</translation>
    </message>
    <message>
        <source>No values yet</source>
        <translation>Noch keine Werte</translation>
    </message>
    <message>
        <source>%1: last %2, between %3 and %4</source>
        <translation>%1: zuletzt %2, zwischen %3 und %4</translation>
    </message>
    <message numerus="yes">
        <source>%n value(s) at or below 0 not shown</source>
        <translation>
            <numerusform>%n Wert bei oder unter 0 nicht gezeigt</numerusform>
            <numerusform>%n Werte bei oder unter 0 nicht gezeigt</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::PointModel</name>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>#</source>
        <translation>Nr.</translation>
    </message>
    <message>
        <source>method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>Sekunden</translation>
    </message>
    <message>
        <source>%1. %2</source>
        <translation>%1. %2</translation>
    </message>
    <message>
        <source>%1 = %2</source>
        <translation>%1 = %2</translation>
    </message>
    <message>
        <source>loss %1</source>
        <translation>Loss %1</translation>
    </message>
    <message>
        <source>accuracy %1</source>
        <translation>Genauigkeit %1</translation>
    </message>
    <message>
        <source>length %1</source>
        <translation>Länge %1</translation>
    </message>
</context>
<context>
    <name>retort::PrmDatasetDialog</name>
    <message>
        <source>Make a PRM dataset</source>
        <translation>PRM-Datensatz machen</translation>
    </message>
    <message>
        <source>right</source>
        <translation>richtig</translation>
    </message>
    <message>
        <source>wrong (TRL&apos;s own converter)</source>
        <translation>falsch (TRLs eigener Konverter)</translation>
    </message>
    <message>
        <source>unlabelled: the solution ends before it</source>
        <translation>ohne Label: Die Lösung endet davor</translation>
    </message>
    <message>
        <source>Br&amp;owse…</source>
        <translation>D&amp;urchsuchen …</translation>
    </message>
    <message>
        <source>Save the dataset</source>
        <translation>Datensatz speichern</translation>
    </message>
    <message>
        <source>JSON lines (*.jsonl)</source>
        <translation>JSON-Zeilen (*.jsonl)</translation>
    </message>
    <message>
        <source>&amp;Save and design a run</source>
        <translation>&amp;Speichern und Lauf entwerfen</translation>
    </message>
    <message>
        <source>&amp;Labels of</source>
        <translation>&amp;Labels von</translation>
    </message>
    <message>
        <source>A value is &amp;right from</source>
        <translation>Ein Wert ist &amp;richtig ab</translation>
    </message>
    <message>
        <source>A &amp;neutral step is</source>
        <translation>Ein &amp;neutraler Schritt ist</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Reading the traces…</source>
        <translation>Spuren werden gelesen …</translation>
    </message>
    <message>
        <source>Nobody has judged the traces of the list yet: annotate them, or judge them with a model.</source>
        <translation>Noch niemand hat die Spuren der Liste beurteilt: Annotiere sie, oder lass ein Modell urteilen.</translation>
    </message>
    <message numerus="yes">
        <source>%n trace(s)</source>
        <translation>
            <numerusform>%n Spur</numerusform>
            <numerusform>%n Spuren</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 steps right, %2 wrong</source>
        <translation>%1 Schritte richtig, %2 falsch</translation>
    </message>
    <message>
        <source>%1 exists. Replace it?</source>
        <translation>%1 gibt es schon. Ersetzen?</translation>
    </message>
</context>
<context>
    <name>retort::Queue</name>
    <message>
        <source>The machine is being asked.</source>
        <translation>Die Maschine wird gefragt.</translation>
    </message>
    <message>
        <source>for its turn</source>
        <translation>bis er an der Reihe ist</translation>
    </message>
    <message>
        <source>for a GPU</source>
        <translation>auf eine GPU</translation>
    </message>
    <message>
        <source>until it is released</source>
        <translation>bis er freigegeben wird</translation>
    </message>
    <message>
        <source>until %1 has finished</source>
        <translation>bis %1 fertig ist</translation>
    </message>
    <message>
        <source>for %1, which nobody has started</source>
        <translation>auf %1, den niemand gestartet hat</translation>
    </message>
    <message>
        <source>%1 did not finish: retry that, or remove this</source>
        <translation>%1 wurde nicht fertig: starte ihn noch einmal oder entferne diesen</translation>
    </message>
    <message>
        <source>there is no machine for %1 (any more)</source>
        <translation>es gibt keine Maschine (mehr) für %1</translation>
    </message>
    <message>
        <source>on GPU %1</source>
        <translation>auf GPU %1</translation>
    </message>
    <message>
        <source>%1; failed before: %2</source>
        <translation>%1; vorher gescheitert: %2</translation>
    </message>
    <message>
        <source>The machine is reached, but does not answer; its disk or nvidia-smi may hang.</source>
        <translation>Die Maschine ist erreichbar, antwortet aber nicht; vielleicht hängt ihre Platte oder nvidia-smi.</translation>
    </message>
    <message>
        <source>for its turn: %1, which the queue did not start, is running</source>
        <translation>bis er an der Reihe ist: %1 läuft, ohne dass die Warteschlange das gestartet hat</translation>
    </message>
    <message>
        <source>tries again at %1</source>
        <translation>versucht es um %1 wieder</translation>
    </message>
    <message>
        <source>step %1 of %2</source>
        <translation>Schritt %1 von %2</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>asks Slurm for the cluster&apos;s defaults</source>
        <translation>verlangt von Slurm, was der Cluster vorgibt</translation>
    </message>
    <message>
        <source>asks Slurm for %1</source>
        <translation>verlangt von Slurm %1</translation>
    </message>
    <message>
        <source>for %1 GPUs</source>
        <translation>auf %1 GPUs</translation>
    </message>
</context>
<context>
    <name>retort::QueueDialog</name>
    <message>
        <source>The list as it is filtered</source>
        <translation>Die Liste, wie sie gefiltert ist</translation>
    </message>
    <message>
        <source>Judges disagree on a step</source>
        <translation>Urteile über einen Schritt widersprechen sich</translation>
    </message>
    <message>
        <source>A step&apos;s PRM score is near one half</source>
        <translation>Der PRM-Wert eines Schrittes liegt nahe bei ½</translation>
    </message>
    <message>
        <source>Right answer with a low-scored step</source>
        <translation>Richtige Antwort mit niedrig bewertetem Schritt</translation>
    </message>
    <message>
        <source>Convincing wrong answers (PRM800K)</source>
        <translation>Überzeugende falsche Antworten (PRM800K)</translation>
    </message>
    <message>
        <source>The reward flipped between training steps</source>
        <translation>Die Belohnung kippte zwischen Trainingsschritten</translation>
    </message>
    <message>
        <source>Groups in which all rewards are equal</source>
        <translation>Gruppen mit lauter gleichen Belohnungen</translation>
    </message>
    <message>
        <source>The longest tenth</source>
        <translation>Das längste Zehntel</translation>
    </message>
    <message>
        <source>Reward and exact checker disagree</source>
        <translation>Belohnung und exakter Prüfer widersprechen sich</translation>
    </message>
    <message>
        <source>## Rating steps (PRM800K)

Rate each step in order until the first bad one.

- **Great (+1)**: correct, verifiable in about 30 seconds, appropriate here, and it advances the solution. A sensible approach that fails later still counts.
- **Okay (0)**: reasonable and correct, but it adds nothing: restating, encouragement, stalling.
- **Bad (−1)**: wrong, even partly; hard to verify; gibberish; off topic; an unreasonable approach, an obvious dead end or circle; a repetition that should stop; depends on a link or a missing figure.
- **Unsure**: not covered by these rules. Use it sparingly; where it is a matter of degree, just choose.

### Where people differ

- Substance over nitpicks: mark the error at the first step that makes the solution actually wrong, not at an earlier slip whose meaning is clear.
- The step with the final answer: without an earlier error, judge there whether the solution is complete. An incomplete one is bad at that step even if the number is right.
- Grade the solution, not its answer: the reference answer can be wrong.
- **Bad problem** and **Give up** are different things; say why. Four or more parts: bad problem.
</source>
        <translation>## Schritte bewerten (PRM800K)

Bewerte jeden Schritt der Reihe nach bis zum ersten schlechten.

- **Sehr gut (+1)**: richtig, in etwa 30 Sekunden nachprüfbar, hier angebracht, und er bringt die Lösung voran. Ein vernünftiger Ansatz, der später scheitert, zählt auch.
- **Okay (0)**: vernünftig und richtig, trägt aber nichts bei: Wiedergabe der Aufgabe, Zuspruch, Hinhalten.
- **Schlecht (−1)**: falsch, auch nur zum Teil; schwer nachzuprüfen; Kauderwelsch; am Thema vorbei; ein unvernünftiger Ansatz, eine offensichtliche Sackgasse oder ein Kreis; eine Wiederholung, die enden sollte; angewiesen auf einen Link oder eine fehlende Abbildung.
- **Unsicher**: von diesen Regeln nicht erfasst. Sparsam verwenden; wo es nur um das Maß geht, einfach entscheiden.

### Wo sich Menschen unterscheiden

- Inhalt vor Kleinlichkeit: Markiere den Fehler beim ersten Schritt, der die Lösung wirklich falsch macht, nicht bei einem früheren Versehen, dessen Sinn klar ist.
- Der Schritt mit der Endantwort: Gab es vorher keinen Fehler, so beurteile dort, ob die Lösung vollständig ist. Eine unvollständige ist an diesem Schritt schlecht, auch wenn die Zahl stimmt.
- Bewerte die Lösung, nicht ihre Antwort: Die Referenzantwort kann falsch sein.
- **Schlechte Aufgabe** und **Aufgeben** sind zweierlei; sag, warum. Vier oder mehr Teile: schlechte Aufgabe.
</translation>
    </message>
    <message>
        <source>New queue</source>
        <translation>Neue Warteschlange</translation>
    </message>
    <message>
        <source>Queue of %1</source>
        <translation>Warteschlange vom %1</translation>
    </message>
    <message>
        <source>Settings of the queue</source>
        <translation>Einstellungen der Warteschlange</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>So many of the items whose steps the task&apos;s checker has judged are used to see how often an annotator finds the first error. Annotators are not told which.</source>
        <translation>So viele der Einträge, deren Schritte der Prüfer der Aufgabenart beurteilt hat, zeigen, wie oft ein Annotator den ersten Fehler findet. Welche es sind, erfahren die Annotatoren nicht.</translation>
    </message>
    <message>
        <source>Blind: others&apos; labels, scores, reference and verdict are hidden until submitted</source>
        <translation>Blind: Labels anderer, Wertungen, Referenz und Urteil bleiben bis zur Abgabe verborgen</translation>
    </message>
    <message>
        <source>Show the reference answer once the item is submitted</source>
        <translation>Referenzantwort nach der Abgabe des Eintrags zeigen</translation>
    </message>
    <message>
        <source>Markdown; empty: PRM800K&apos;s rating rules</source>
        <translation>Markdown; leer: Bewertungsregeln von PRM800K</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Traces</source>
        <translation>&amp;Spuren</translation>
    </message>
    <message>
        <source>At &amp;most</source>
        <translation>&amp;Höchstens</translation>
    </message>
    <message>
        <source>Annotators for &amp;each item</source>
        <translation>Annotatoren &amp;je Eintrag</translation>
    </message>
    <message>
        <source>Quality &amp;control</source>
        <translation>Qualitäts&amp;kontrolle</translation>
    </message>
    <message>
        <source>&amp;Guidelines</source>
        <translation>&amp;Richtlinien</translation>
    </message>
    <message>
        <source>Make the queue</source>
        <translation>Warteschlange anlegen</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>Wird gezählt …</translation>
    </message>
    <message>
        <source>No trace is like this.</source>
        <translation>Auf keine Spur trifft das zu.</translation>
    </message>
    <message numerus="yes">
        <source>%n trace(s)</source>
        <translation>
            <numerusform>%n Spur</numerusform>
            <numerusform>%n Spuren</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::QueueItemModel</name>
    <message>
        <source>not begun</source>
        <translation>nicht begonnen</translation>
    </message>
    <message>
        <source>begun</source>
        <translation>begonnen</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>übersprungen</translation>
    </message>
    <message>
        <source>(not in the store any more)</source>
        <translation>(nicht mehr im Speicher)</translation>
    </message>
    <message>
        <source>Item %1, %2: %3</source>
        <translation>Eintrag %1, %2: %3</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
</context>
<context>
    <name>retort::QueuePage</name>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>Nothing waits</source>
        <translation>Nichts wartet</translation>
    </message>
    <message>
        <source>Runs that are put into the queue take turns, so that they do not share a machine that is too small for all of them; those of a study wait for the ones that they start from. The queue goes on where it was when the window opens again.</source>
        <translation>Läufe in der Warteschlange wechseln sich ab, damit sie sich keine Maschine teilen, die für alle zu klein ist; die einer Studie warten auf die, von denen sie ausgehen. Die Warteschlange geht dort weiter, wo sie war, wenn das Fenster wieder aufgeht.</translation>
    </message>
    <message>
        <source>Design a run</source>
        <translation>Einen Lauf entwerfen</translation>
    </message>
    <message>
        <source>Start the quickstart study</source>
        <translation>Die Schnellstart-Studie starten</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Hold or release</source>
        <translation>Anhalten oder freigeben</translation>
    </message>
    <message>
        <source>Start now</source>
        <translation>Jetzt starten</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Undo the removal</source>
        <translation>Entfernen rückgängig machen</translation>
    </message>
    <message>
        <source>Here at &amp;once</source>
        <translation>Hier &amp;gleichzeitig</translation>
    </message>
    <message>
        <source>So many runs of the queue go at the same time on this computer; each machine has its own number, in Machines</source>
        <translation>So viele Läufe der Warteschlange laufen gleichzeitig auf diesem Rechner; jede Maschine hat ihre eigene Zahl, unter „Maschinen“</translation>
    </message>
    <message>
        <source>per &amp;GPU</source>
        <translation>je &amp;GPU</translation>
    </message>
    <message>
        <source>So many of them share a GPU; 0: the GPUs do not matter</source>
        <translation>So viele davon teilen sich eine GPU; 0: Die GPUs spielen keine Rolle</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>Release</source>
        <translation>Freigeben</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>Anhalten</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) removed from the queue</source>
        <translation>
            <numerusform>%n Lauf aus der Warteschlange entfernt</numerusform>
            <numerusform>%n Läufe aus der Warteschlange entfernt</numerusform>
        </translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Retry now</source>
        <translation>Jetzt wieder versuchen</translation>
    </message>
</context>
<context>
    <name>retort::QueuePane</name>
    <message>
        <source>Items of the queue</source>
        <translation>Einträge der Warteschlange</translation>
    </message>
    <message>
        <source>Next item in the list</source>
        <translation>Nächster Eintrag der Liste</translation>
    </message>
    <message>
        <source>Annotate</source>
        <translation>Annotieren</translation>
    </message>
    <message>
        <source>Previous item in the list</source>
        <translation>Voriger Eintrag der Liste</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>More about queues</source>
        <translation>Mehr zu Warteschlangen</translation>
    </message>
    <message>
        <source>New queue…</source>
        <translation>Neue Warteschlange …</translation>
    </message>
    <message>
        <source>Settings of the queue…</source>
        <translation>Einstellungen der Warteschlange …</translation>
    </message>
    <message>
        <source>Progress and agreement…</source>
        <translation>Fortschritt und Übereinstimmung …</translation>
    </message>
    <message>
        <source>Export the labels…</source>
        <translation>Labels exportieren …</translation>
    </message>
    <message>
        <source>Who annotates…</source>
        <translation>Wer annotiert …</translation>
    </message>
    <message>
        <source>Delete the queue</source>
        <translation>Warteschlange löschen</translation>
    </message>
    <message>
        <source>Progress of the queue</source>
        <translation>Fortschritt der Warteschlange</translation>
    </message>
    <message>
        <source>Items to show</source>
        <translation>Gezeigte Einträge</translation>
    </message>
    <message>
        <source>All items</source>
        <translation>Alle Einträge</translation>
    </message>
    <message>
        <source>Open items</source>
        <translation>Offene Einträge</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Queue deleted; its labels stay.</source>
        <translation>Warteschlange gelöscht; ihre Labels bleiben.</translation>
    </message>
    <message>
        <source>A queue is a list of traces to judge one after the other: those of the list, or those that are worth a person&apos;s time, such as wrong answers that look convincing.</source>
        <translation>Eine Warteschlange ist eine Reihe von Spuren, die nacheinander zu beurteilen sind: die der Liste oder solche, die die Zeit eines Menschen wert sind, etwa falsche Antworten, die überzeugend aussehen.</translation>
    </message>
    <message>
        <source>Make a queue…</source>
        <translation>Warteschlange anlegen …</translation>
    </message>
    <message>
        <source>No queue</source>
        <translation>Keine Warteschlange</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n item(s) finished</source>
        <translation>
            <numerusform>%1 von %n Eintrag abgeschlossen</numerusform>
            <numerusform>%1 von %n Einträgen abgeschlossen</numerusform>
        </translation>
    </message>
    <message>
        <source>Who are you?</source>
        <translation>Wer bist du?</translation>
    </message>
    <message>
        <source>as %1</source>
        <translation>als %1</translation>
    </message>
    <message>
        <source>Annotator: %1</source>
        <translation>Annotator: %1</translation>
    </message>
    <message>
        <source>The queue is finished: %1 done, %2 skipped, in %3.</source>
        <translation>Die Warteschlange ist abgearbeitet: %1 fertig, %2 übersprungen, in %3.</translation>
    </message>
    <message numerus="yes">
        <source>Of %n control item(s), you found the first error in %1.</source>
        <translation>
            <numerusform>Von %n Kontrolleintrag hast du bei %1 den ersten Fehler gefunden.</numerusform>
            <numerusform>Von %n Kontrolleinträgen hast du bei %1 den ersten Fehler gefunden.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::RankingPanel</name>
    <message>
        <source>Sample to compare with</source>
        <translation>Stichprobe zum Vergleichen</translation>
    </message>
    <message>
        <source>Ranking of the group, best first</source>
        <translation>Rangfolge der Gruppe, beste zuerst</translation>
    </message>
    <message>
        <source>Better  (Ctrl+Up)</source>
        <translation>Besser  (Strg+Hoch)</translation>
    </message>
    <message>
        <source>Worse  (Ctrl+Down)</source>
        <translation>Schlechter  (Strg+Runter)</translation>
    </message>
    <message>
        <source>As good as the one above  (Space)</source>
        <translation>So gut wie die darüber  (Leertaste)</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Take the ranking back</source>
        <translation>Rangfolge zurücknehmen</translation>
    </message>
    <message>
        <source>This sample, or another of its group?</source>
        <translation>Diese oder eine andere der Gruppe?</translation>
    </message>
    <message>
        <source>Its group has no other sample.</source>
        <translation>Ihre Gruppe hat keine andere Stichprobe.</translation>
    </message>
    <message>
        <source>Not ranked yet: drag, or move with Ctrl+Up and Ctrl+Down; Space ties.</source>
        <translation>Noch ohne Rangfolge: ziehen, oder mit Strg+Hoch und Strg+Runter verschieben; die Leertaste stellt gleich.</translation>
    </message>
</context>
<context>
    <name>retort::ReaderBar</name>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Steps as marked</source>
        <translation>Markierte Schritte</translation>
    </message>
    <message>
        <source>Paragraphs</source>
        <translation>Absätze</translation>
    </message>
    <message>
        <source>Thoughts</source>
        <translation>Gedanken</translation>
    </message>
    <message>
        <source>Own rule…</source>
        <translation>Eigene Regel …</translation>
    </message>
    <message>
        <source>The task&apos;s own steps; paragraphs where it has none.</source>
        <translation>Die eigenen Schritte der Aufgabenart; Absätze, wo sie keine hat.</translation>
    </message>
    <message>
        <source>A step begins behind a blank line; at each line where there are no blank lines.</source>
        <translation>Ein Schritt beginnt nach einer Leerzeile; wo es keine gibt, mit jeder Zeile.</translation>
    </message>
    <message>
        <source>A step begins where the model turns: Wait, Alternatively, Let me check …</source>
        <translation>Ein Schritt beginnt, wo das Modell umschwenkt: Wait, Alternatively, Let me check …</translation>
    </message>
    <message>
        <source>A step begins where a regular expression of yours matches.</source>
        <translation>Ein Schritt beginnt, wo dein eigener regulärer Ausdruck passt.</translation>
    </message>
    <message>
        <source>A step begins at each match (PCRE2; ^ and $ are at lines).</source>
        <translation>Ein Schritt beginnt bei jedem Treffer (PCRE2; ^ und $ gelten je Zeile).</translation>
    </message>
    <message>
        <source>Regular expression at which steps begin</source>
        <translation>Regulärer Ausdruck, bei dem Schritte beginnen</translation>
    </message>
    <message>
        <source>Token lane</source>
        <translation>Token-Werte</translation>
    </message>
    <message>
        <source>No token lane</source>
        <translation>Keine Token-Werte</translation>
    </message>
    <message>
        <source>Rolled up</source>
        <translation>Zusammengefasst</translation>
    </message>
    <message>
        <source>extreme</source>
        <translation>Extremwert</translation>
    </message>
    <message>
        <source>The value farthest from paper in each unit instead of the mean</source>
        <translation>Je Einheit der Wert mit der kräftigsten Farbe statt des Mittels</translation>
    </message>
    <message>
        <source>How the text is shown</source>
        <translation>Wie der Text gezeigt wird</translation>
    </message>
    <message>
        <source>What opens and what closes the thinking, with a space between; one word: what closes it. The marks that models commonly write are known without.</source>
        <translation>Was das Denken öffnet und was es schließt, mit einem Leerzeichen dazwischen; ein Wort: was es schließt. Die bei Modellen üblichen Marken sind auch so bekannt.</translation>
    </message>
    <message>
        <source>&amp;Own think marks:</source>
        <translation>&amp;Eigene Denkmarken:</translation>
    </message>
</context>
<context>
    <name>retort::RelativesStrip</name>
    <message>
        <source>Add &amp;them</source>
        <translation>&amp;Hinzufügen</translation>
    </message>
    <message>
        <source>Parents that are not compared</source>
        <translation>Eltern, die nicht verglichen werden</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>%1 (base)</source>
        <translation>%1 (Basis)</translation>
    </message>
    <message>
        <source>%1 came from %2, not compared here.</source>
        <translation>%1 stammt von %2, hier nicht im Vergleich.</translation>
    </message>
    <message>
        <source>%1 came from %2, evaluated on other problems.</source>
        <translation>%1 stammt von %2, an anderen Aufgaben ausgewertet.</translation>
    </message>
    <message>
        <source>%1 came from %2, never evaluated.</source>
        <translation>%1 stammt von %2, nie ausgewertet.</translation>
    </message>
</context>
<context>
    <name>retort::RerankDialog</name>
    <message>
        <source>Reading the traces…</source>
        <translation>Spuren werden gelesen …</translation>
    </message>
    <message>
        <source>Answers chosen by score</source>
        <translation>Nach Werten gewählte Antworten</translation>
    </message>
    <message>
        <source>Rerank</source>
        <translation>Neu ordnen</translation>
    </message>
    <message>
        <source>its worst step</source>
        <translation>ihr schlechtester Schritt</translation>
    </message>
    <message>
        <source>its last step</source>
        <translation>ihr letzter Schritt</translation>
    </message>
    <message>
        <source>the mean of its steps</source>
        <translation>das Mittel ihrer Schritte</translation>
    </message>
    <message>
        <source>the product of its steps</source>
        <translation>das Produkt ihrer Schritte</translation>
    </message>
    <message>
        <source>Score of an answer</source>
        <translation>Wert einer Antwort</translation>
    </message>
    <message>
        <source>Right answers against the number of samples</source>
        <translation>Richtige Antworten über der Zahl der Stichproben</translation>
    </message>
    <message>
        <source>samples</source>
        <translation>Stichproben</translation>
    </message>
    <message>
        <source>share of problems</source>
        <translation>Anteil der Aufgaben</translation>
    </message>
    <message>
        <source>&amp;Scores of</source>
        <translation>&amp;Werte von</translation>
    </message>
    <message>
        <source>An answer is worth</source>
        <translation>Eine Antwort gilt so viel wie</translation>
    </message>
    <message>
        <source>Nobody has scored the traces of the list: judge them first.</source>
        <translation>Niemand hat den Spuren der Liste Werte gegeben: Beurteile sie zuerst.</translation>
    </message>
    <message>
        <source>No problem of the list has two scored answers to choose from.</source>
        <translation>Keine Aufgabe der Liste hat zwei Antworten mit Werten zur Wahl.</translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s). Best of N takes the answer with the highest score, the weighted vote the answer whose scores sum to most; pass@N is what a perfect judge would reach.</source>
        <translation>
            <numerusform>%n Aufgabe. Best of N nimmt die Antwort mit dem höchsten Wert, die gewichtete Abstimmung die mit der höchsten Wertesumme; pass@N ist, was ein perfektes Urteil erreichte.</numerusform>
            <numerusform>%n Aufgaben. Best of N nimmt die Antwort mit dem höchsten Wert, die gewichtete Abstimmung die mit der höchsten Wertesumme; pass@N ist, was ein perfektes Urteil erreichte.</numerusform>
        </translation>
    </message>
    <message>
        <source>N</source>
        <translation>N</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Aufgaben</translation>
    </message>
    <message>
        <source>One at random %</source>
        <translation>Zufällige %</translation>
    </message>
    <message>
        <source>Majority %</source>
        <translation>Mehrheit %</translation>
    </message>
    <message>
        <source>Best of N %</source>
        <translation>Best of N %</translation>
    </message>
    <message>
        <source>Weighted %</source>
        <translation>Gewichtet %</translation>
    </message>
    <message>
        <source>pass@N %</source>
        <translation>pass@N %</translation>
    </message>
    <message>
        <source>Best − majority, 95 %</source>
        <translation>Best − Mehrheit, 95 %</translation>
    </message>
    <message>
        <source>majority</source>
        <translation>Mehrheit</translation>
    </message>
    <message>
        <source>best of N</source>
        <translation>Best of N</translation>
    </message>
    <message>
        <source>weighted vote</source>
        <translation>gewichtete Abstimmung</translation>
    </message>
    <message>
        <source>pass@N</source>
        <translation>pass@N</translation>
    </message>
</context>
<context>
    <name>retort::ResultCards</name>
    <message>
        <source>What a merge scores appears here as soon as one was measured.</source>
        <translation>Wie ein Merge abschneidet, erscheint hier, sobald einer gemessen ist.</translation>
    </message>
    <message>
        <source>%1 to %2, 95 %  (%3 of %4)%5</source>
        <translation>%1 bis %2, 95 %  (%3 von %4)%5</translation>
    </message>
    <message>
        <source>loss %1</source>
        <translation>Loss %1</translation>
    </message>
    <message>
        <source>length %1</source>
        <translation>Länge %1</translation>
    </message>
    <message>
        <source>answers are not judged</source>
        <translation>Antworten werden nicht beurteilt</translation>
    </message>
    <message>
        <source>first look, a few rows</source>
        <translation>erster Blick, wenige Zeilen</translation>
    </message>
</context>
<context>
    <name>retort::ResultsPanel</name>
    <message>
        <source>Measure across</source>
        <translation>Waagerechtes Maß</translation>
    </message>
    <message>
        <source>Measure upwards</source>
        <translation>Senkrechtes Maß</translation>
    </message>
    <message>
        <source>Measured points</source>
        <translation>Gemessene Punkte</translation>
    </message>
    <message>
        <source>Double click or Return: the sliders go there</source>
        <translation>Doppelklick oder Eingabe: Die Regler gehen dorthin</translation>
    </message>
    <message>
        <source>&amp;Up</source>
        <translation>&amp;Senkrecht</translation>
    </message>
    <message>
        <source>a&amp;cross</source>
        <translation>&amp;waagerecht</translation>
    </message>
</context>
<context>
    <name>retort::RunColumns</name>
    <message>
        <source>Metrics</source>
        <translation>Messwerte</translation>
    </message>
</context>
<context>
    <name>retort::RunCommands</name>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>&amp;New run</source>
        <translation>&amp;Neuer Lauf</translation>
    </message>
    <message>
        <source>Open &amp;live</source>
        <translation>&amp;Live öffnen</translation>
    </message>
    <message>
        <source>Open &amp;traces</source>
        <translation>&amp;Spuren öffnen</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>&amp;Vergleichen</translation>
    </message>
    <message>
        <source>&amp;Duplicate and edit</source>
        <translation>&amp;Duplizieren und bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>&amp;Pause or resume</source>
        <translation>&amp;Pause oder weiter</translation>
    </message>
    <message>
        <source>Chec&amp;kpoint now</source>
        <translation>Jetzt &amp;Kontrollpunkt</translation>
    </message>
    <message>
        <source>Kill</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Ends the trainer at once; the run can be resumed from its last checkpoint</source>
        <translation>Beendet den Trainer sofort; der Lauf kann vom letzten Kontrollpunkt fortgesetzt werden</translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation>&amp;Umbenennen</translation>
    </message>
    <message>
        <source>Edit ta&amp;gs</source>
        <translation>Schla&amp;gworte bearbeiten</translation>
    </message>
    <message>
        <source>Edit &amp;notes</source>
        <translation>&amp;Notizen bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Archive</source>
        <translation>&amp;Archivieren</translation>
    </message>
    <message>
        <source>Cop&amp;y as table</source>
        <translation>Als &amp;Tabelle kopieren</translation>
    </message>
    <message>
        <source>&amp;Export CSV…</source>
        <translation>CSV &amp;exportieren …</translation>
    </message>
    <message>
        <source>Open &amp;folder</source>
        <translation>&amp;Ordner öffnen</translation>
    </message>
    <message>
        <source>Take out of the &amp;queue</source>
        <translation>Aus der &amp;Warteschlange nehmen</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pause</translation>
    </message>
    <message>
        <source>Sta&amp;rt now</source>
        <translation>&amp;Jetzt starten</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>Take out of the &amp;archive</source>
        <translation>Aus dem &amp;Archiv holen</translation>
    </message>
    <message>
        <source>Renamed to %1</source>
        <translation>Umbenannt in %1</translation>
    </message>
    <message>
        <source>Changed the tags of %1</source>
        <translation>Schlagworte von %1 geändert</translation>
    </message>
    <message>
        <source>Changed the notes of %1</source>
        <translation>Notizen von %1 geändert</translation>
    </message>
    <message numerus="yes">
        <source>Took %n run(s) out of the archive</source>
        <translation>
            <numerusform>%n Lauf aus dem Archiv geholt</numerusform>
            <numerusform>%n Läufe aus dem Archiv geholt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Archived %n run(s)</source>
        <translation>
            <numerusform>%n Lauf archiviert</numerusform>
            <numerusform>%n Läufe archiviert</numerusform>
        </translation>
    </message>
    <message>
        <source>Export the table</source>
        <translation>Tabelle exportieren</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>CSV-Dateien (*.csv)</translation>
    </message>
    <message>
        <source>&amp;Follow again</source>
        <translation>Wieder &amp;verfolgen</translation>
    </message>
    <message>
        <source>Of runs of other programs: whether what they write is read as it comes</source>
        <translation>Bei Läufen anderer Programme: ob gelesen wird, was sie schreiben, wie es kommt</translation>
    </message>
    <message>
        <source>Re&amp;queue the job</source>
        <translation>Job neu ein&amp;reihen</translation>
    </message>
    <message>
        <source>The trainer saves, the job goes back into Slurm&apos;s queue, and the run goes on from there</source>
        <translation>Der Trainer sichert, der Job geht zurück in Slurms Warteschlange, und der Lauf geht von dort weiter</translation>
    </message>
    <message>
        <source>&amp;Hold the job</source>
        <translation>Job an&amp;halten</translation>
    </message>
    <message>
        <source>A job that waits does not begin until it is released</source>
        <translation>Ein wartender Job beginnt nicht, bis er freigegeben wird</translation>
    </message>
    <message>
        <source>Rele&amp;ase the job</source>
        <translation>Job frei&amp;geben</translation>
    </message>
    <message>
        <source>Stop &amp;following</source>
        <translation>Nicht weiter &amp;verfolgen</translation>
    </message>
    <message>
        <source>Pr&amp;iority</source>
        <translation>Pr&amp;iorität</translation>
    </message>
    <message>
        <source>%1 (nice %2)</source>
        <translation>%1 (nice %2)</translation>
    </message>
    <message>
        <source>Priority: %1</source>
        <translation>Priorität: %1</translation>
    </message>
    <message>
        <source>How much processor time it gets beside other programs; to raise it again, systems ask for an administrator&apos;s rights</source>
        <translation>Wie viel Prozessorzeit er neben anderen Programmen bekommt; um sie wieder zu erhöhen, verlangen Systeme die Rechte eines Verwalters</translation>
    </message>
</context>
<context>
    <name>retort::RunDetails</name>
    <message>
        <source>Overview</source>
        <translation>Überblick</translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation>Konfiguration</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Set</source>
        <translation>Aufgabensatz</translation>
    </message>
    <message>
        <source>Evaluations</source>
        <translation>Auswertungen</translation>
    </message>
    <message>
        <source>Checkpoints</source>
        <translation>Kontrollpunkte</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>Schwere</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>Was geschah</translation>
    </message>
    <message>
        <source>Alarms</source>
        <translation>Alarme</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Meldungen</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Tags, separated by commas</source>
        <translation>Schlagworte, durch Kommas getrennt</translation>
    </message>
    <message>
        <source>What was this run for? What did it show?</source>
        <translation>Wozu diente dieser Lauf? Was hat er gezeigt?</translation>
    </message>
    <message>
        <source>N&amp;otes</source>
        <translation>N&amp;otizen</translation>
    </message>
    <message>
        <source>&amp;Copy YAML</source>
        <translation>YAML &amp;kopieren</translation>
    </message>
    <message>
        <source>Written</source>
        <translation>Geschrieben</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Select a run to see its details.</source>
        <translation>Wähle einen Lauf, um seine Einzelheiten zu sehen.</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>noch %1</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>Studie</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>Angelegt</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation>Versuche</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>Kennung</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>entfernt</translation>
    </message>
    <message>
        <source>Details of the run</source>
        <translation>Einzelheiten des Laufs</translation>
    </message>
    <message>
        <source>Tag&amp;s</source>
        <translation>&amp;Schlagworte</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgabe</translation>
    </message>
    <message>
        <source>Neither the trainer nor its job has printed anything yet.</source>
        <translation>Weder der Trainer noch sein Job hat schon etwas ausgegeben.</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Job</translation>
    </message>
    <message>
        <source>on %1</source>
        <translation>auf %1</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>Priorität</translation>
    </message>
</context>
<context>
    <name>retort::RunOutcome</name>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>The trainer ended unexpectedly: %1</source>
        <translation>Der Trainer endete unerwartet: %1</translation>
    </message>
    <message>
        <source>The trainer ended unexpectedly, without saying why</source>
        <translation>Der Trainer endete unerwartet, ohne zu sagen warum</translation>
    </message>
</context>
<context>
    <name>retort::RunStrip</name>
    <message>
        <source>measuring this machine</source>
        <translation>misst diesen Rechner</translation>
    </message>
    <message>
        <source>training</source>
        <translation>trainiert</translation>
    </message>
    <message>
        <source>generating</source>
        <translation>erzeugt</translation>
    </message>
    <message>
        <source>evaluating</source>
        <translation>wertet aus</translation>
    </message>
    <message>
        <source>saving a checkpoint</source>
        <translation>sichert einen Kontrollpunkt</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>pausiert</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>hält an</translation>
    </message>
    <message>
        <source>Progress of %1</source>
        <translation>Fortschritt von %1</translation>
    </message>
    <message>
        <source>step %1 of %2</source>
        <translation>Schritt %1 von %2</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>noch %1</translation>
    </message>
    <message>
        <source>attempt %1</source>
        <translation>Versuch %1</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>Kontrollpunkt</translation>
    </message>
    <message>
        <source>Save a checkpoint after this step</source>
        <translation>Nach diesem Schritt einen Kontrollpunkt sichern</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Wait after this step; the process stays</source>
        <translation>Nach diesem Schritt warten; der Prozess bleibt</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Go on where it waits</source>
        <translation>Weitermachen, wo er wartet</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>End after this step, with a checkpoint</source>
        <translation>Nach diesem Schritt mit einem Kontrollpunkt enden</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Continue from the last complete checkpoint</source>
        <translation>Vom letzten vollständigen Kontrollpunkt an weitermachen</translation>
    </message>
    <message>
        <source>Selected runs</source>
        <translation>Gewählte Läufe</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Take it out of the queue</source>
        <translation>Aus der Warteschlange nehmen</translation>
    </message>
    <message>
        <source>Start now</source>
        <translation>Jetzt starten</translation>
    </message>
    <message>
        <source>Do not wait for the runs before it</source>
        <translation>Nicht auf die Läufe davor warten</translation>
    </message>
    <message>
        <source>Do not start it; what was brought stays there</source>
        <translation>Nicht starten; was gebracht wurde, bleibt dort</translation>
    </message>
</context>
<context>
    <name>retort::RunTableModel</name>
    <message>
        <source>%1 left</source>
        <translation>noch %1</translation>
    </message>
    <message numerus="yes">
        <source>%n alarm(s)</source>
        <translation>
            <numerusform>%n Alarm</numerusform>
            <numerusform>%n Alarme</numerusform>
        </translation>
    </message>
    <message>
        <source>Last value of %1</source>
        <translation>Letzter Wert von %1</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Reward, or loss, over the steps</source>
        <translation>Belohnung oder Verlust über die Schritte</translation>
    </message>
    <message>
        <source>Trend</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Schlagworte</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Notizen</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>Angelegt</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Backend</source>
        <translation>Ausführung</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>Kennung</translation>
    </message>
</context>
<context>
    <name>retort::RunsPage</name>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Search name, tag, recipe, notes, state   (tag:x  state:failed  -word)</source>
        <translation>Name, Schlagwort, Rezept, Notizen, Zustand suchen   (tag:x  state:failed  -wort)</translation>
    </message>
    <message>
        <source>Search runs</source>
        <translation>Läufe suchen</translation>
    </message>
    <message>
        <source>Welcome to Retort</source>
        <translation>Willkommen bei Retort</translation>
    </message>
    <message>
        <source>Nothing has been run yet. The quickstart teaches a small model to reason in a few minutes, on this computer: first by examples, then by reward. Everything that it does appears here.</source>
        <translation>Noch nichts ist gelaufen. Der Schnellstart bringt einem kleinen Modell in wenigen Minuten auf diesem Rechner das Denken bei: erst an Beispielen, dann durch Belohnung. Alles, was es tut, erscheint hier.</translation>
    </message>
    <message>
        <source>Run the quickstart</source>
        <translation>Schnellstart ausführen</translation>
    </message>
    <message>
        <source>Design a run</source>
        <translation>Lauf entwerfen</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>Hide this message</source>
        <translation>Diese Meldung ausblenden</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Find runs</source>
        <translation>Läufe &amp;finden</translation>
    </message>
    <message>
        <source>Show a&amp;rchived</source>
        <translation>A&amp;rchivierte zeigen</translation>
    </message>
    <message>
        <source>C&amp;olumns…</source>
        <translation>S&amp;palten …</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s)</source>
        <translation>
            <numerusform>%n Lauf</numerusform>
            <numerusform>%n Läufe</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n run(s)</source>
        <translation>
            <numerusform>%1 von %n Lauf</numerusform>
            <numerusform>%1 von %n Läufen</numerusform>
        </translation>
    </message>
    <message>
        <source>Adopt runs of another program…</source>
        <translation>Läufe eines anderen Programms übernehmen …</translation>
    </message>
</context>
<context>
    <name>retort::SchedulePreview</name>
    <message>
        <source>step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>Learning rate over the steps</source>
        <translation>Lernrate über die Schritte</translation>
    </message>
    <message>
        <source>%1, peak %2, %3 at step %4</source>
        <translation>%1, Spitze %2, %3 bei Schritt %4</translation>
    </message>
    <message>
        <source>learning rate, peak %1</source>
        <translation>Lernrate, Spitze %1</translation>
    </message>
    <message>
        <source>The loss of this recipe follows no law that predicts it.</source>
        <translation>Der Verlust dieses Rezepts folgt keinem Gesetz, das ihn vorhersagt.</translation>
    </message>
    <message numerus="yes">
        <source>Loss predicted from %n earlier run(s), %1 % off on them</source>
        <translation>
            <numerusform>Verlust aus %n früheren Lauf vorhergesagt, dort um %1 % daneben</numerusform>
            <numerusform>Verlust aus %n früheren Läufen vorhergesagt, dort um %1 % daneben</numerusform>
        </translation>
    </message>
    <message>
        <source>: take it as a hint</source>
        <translation>: nur ein Hinweis</translation>
    </message>
    <message>
        <source>; none of them lowered its rate</source>
        <translation>; keiner davon hat seine Rate gesenkt</translation>
    </message>
    <message>
        <source>predicted loss, %1 at the end</source>
        <translation>vorhergesagter Verlust, am Ende %1</translation>
    </message>
    <message numerus="yes">
        <source>A loss forecast takes two runs of this model and task (%n so far).</source>
        <translation>
            <numerusform>Eine Verlustprognose braucht zwei Läufe wie diesen (bisher %n).</numerusform>
            <numerusform>Eine Verlustprognose braucht zwei Läufe wie diesen (bisher %n).</numerusform>
        </translation>
    </message>
    <message>
        <source>No loss forecast: the runs of this model and task say too little.</source>
        <translation>Keine Verlustprognose: Die Läufe dieses Modells und dieser Aufgabe sagen zu wenig.</translation>
    </message>
</context>
<context>
    <name>retort::ScoreField</name>
    <message>
        <source>%1: %2 of 6</source>
        <translation>%1: %2 von 6</translation>
    </message>
</context>
<context>
    <name>retort::SecretsEditor</name>
    <message>
        <source>Secrets</source>
        <translation>Geheimnisse</translation>
    </message>
    <message>
        <source>Name of the variable</source>
        <translation>Name der Variable</translation>
    </message>
    <message>
        <source>value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>S&amp;et</source>
        <translation>&amp;Setzen</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>%1 (new value)</source>
        <translation>%1 (neuer Wert)</translation>
    </message>
    <message>
        <source>Asking the keychain…</source>
        <translation>Der Schlüsselbund wird gefragt …</translation>
    </message>
    <message>
        <source>Secrets cannot be kept here: %1</source>
        <translation>Geheimnisse können hier nicht aufbewahrt werden: %1</translation>
    </message>
    <message>
        <source>Variables of runs there, kept in the system&apos;s keychain alone.</source>
        <translation>Variablen der Läufe dort, nur im Schlüsselbund des Systems aufbewahrt.</translation>
    </message>
</context>
<context>
    <name>retort::ShortcutSheet</name>
    <message>
        <source>In a chart</source>
        <translation>In einem Diagramm</translation>
    </message>
    <message>
        <source>Move the view</source>
        <translation>Ausschnitt verschieben</translation>
    </message>
    <message>
        <source>Left, Right</source>
        <translation>Links, Rechts</translation>
    </message>
    <message>
        <source>Zoom in and out</source>
        <translation>Vergrößern und verkleinern</translation>
    </message>
    <message>
        <source>+, −, mouse wheel</source>
        <translation>+, −, Mausrad</translation>
    </message>
    <message>
        <source>Zoom to a range</source>
        <translation>Auf einen Bereich vergrößern</translation>
    </message>
    <message>
        <source>Drag</source>
        <translation>Ziehen</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>Verschieben</translation>
    </message>
    <message>
        <source>Shift+Drag or middle button</source>
        <translation>Umschalt+Ziehen oder mittlere Taste</translation>
    </message>
    <message>
        <source>Show everything and follow</source>
        <translation>Alles zeigen und folgen</translation>
    </message>
    <message>
        <source>0 or double click</source>
        <translation>0 oder Doppelklick</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Filter by command or key</source>
        <translation>Nach Befehl oder Taste filtern</translation>
    </message>
    <message>
        <source>Reset all keys</source>
        <translation>Alle Tasten zurücksetzen</translation>
    </message>
    <message>
        <source>New keys</source>
        <translation>Neue Tasten</translation>
    </message>
    <message>
        <source>Set</source>
        <translation>Setzen</translation>
    </message>
    <message>
        <source>No keys</source>
        <translation>Keine Tasten</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>Default: %1</source>
        <translation>Vorgabe: %1</translation>
    </message>
    <message>
        <source>Choose a command to change its keys.</source>
        <translation>Wähle einen Befehl, um seine Tasten zu ändern.</translation>
    </message>
    <message>
        <source>Already the keys of: %1. Setting them takes them from there.</source>
        <translation>Schon die Tasten von: %1. Setzen nimmt sie dort weg.</translation>
    </message>
</context>
<context>
    <name>retort::SliderField</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>by layer, in the text</source>
        <translation>nach Schichten, im Text</translation>
    </message>
</context>
<context>
    <name>retort::SlurmBackend</name>
    <message>
        <source>%1 (Slurm)</source>
        <translation>%1 (Slurm)</translation>
    </message>
    <message>
        <source>As a job of Slurm: waits for its turn, and goes on after preemption and when the window is closed</source>
        <translation>Als Job von Slurm: wartet, bis er an der Reihe ist, und geht nach einer Verdrängung und bei geschlossenem Fenster weiter</translation>
    </message>
    <message>
        <source>The job was not submitted: this program ended before</source>
        <translation>Der Job wurde nicht eingereicht: Dieses Programm endete vorher</translation>
    </message>
    <message>
        <source>looking at what is there</source>
        <translation>es wird nachgesehen, was dort ist</translation>
    </message>
    <message>
        <source>It was ended before it began.</source>
        <translation>Er wurde beendet, bevor er begann.</translation>
    </message>
    <message>
        <source>submitting the job</source>
        <translation>der Job wird abgegeben</translation>
    </message>
</context>
<context>
    <name>retort::SlurmForm</name>
    <message>
        <source>the cluster&apos;s default</source>
        <translation>wie im Cluster üblich</translation>
    </message>
    <message>
        <source>Which nodes may be used (--partition)</source>
        <translation>Welche Knoten benutzt werden dürfen (--partition)</translation>
    </message>
    <message>
        <source>&amp;Partition</source>
        <translation>&amp;Partition</translation>
    </message>
    <message>
        <source>&amp;Time limit</source>
        <translation>&amp;Zeitgrenze</translation>
    </message>
    <message>
        <source>Minutes (90), hours (1:30:00) or days (2-12). A shorter job begins earlier (--time)</source>
        <translation>Minuten (90), Stunden (1:30:00) oder Tage (2-12). Ein kürzerer Job beginnt früher (--time)</translation>
    </message>
    <message>
        <source>&amp;GPUs a node</source>
        <translation>&amp;GPUs je Knoten</translation>
    </message>
    <message>
        <source>none, or gpu:2</source>
        <translation>keine, oder gpu:2</translation>
    </message>
    <message>
        <source>gpu:2, or with the kind: gpu:a100:4 (--gres)</source>
        <translation>gpu:2, oder mit der Art: gpu:a100:4 (--gres)</translation>
    </message>
    <message>
        <source>Memor&amp;y a node</source>
        <translation>Spei&amp;cher je Knoten</translation>
    </message>
    <message>
        <source>16G (--mem)</source>
        <translation>16G (--mem)</translation>
    </message>
    <message>
        <source>Constrai&amp;nt</source>
        <translation>&amp;Einschränkung</translation>
    </message>
    <message>
        <source>any node</source>
        <translation>jeder Knoten</translation>
    </message>
    <message>
        <source>Features of nodes: a100&amp;ib (--constraint)</source>
        <translation>Merkmale von Knoten: a100&amp;ib (--constraint)</translation>
    </message>
    <message>
        <source>No&amp;des</source>
        <translation>&amp;Knoten</translation>
    </message>
    <message>
        <source>Nodes (--nodes)</source>
        <translation>Knoten (--nodes)</translation>
    </message>
    <message>
        <source>&amp;Account</source>
        <translation>K&amp;onto</translation>
    </message>
    <message>
        <source>Who pays (--account)</source>
        <translation>Wer zahlt (--account)</translation>
    </message>
    <message>
        <source>&amp;QOS</source>
        <translation>&amp;QOS</translation>
    </message>
    <message>
        <source>Quality of service (--qos)</source>
        <translation>Dienstgüte (--qos)</translation>
    </message>
    <message>
        <source>P&amp;rocesses a node</source>
        <translation>P&amp;rozesse je Knoten</translation>
    </message>
    <message>
        <source>Several are started with srun (--ntasks-per-node)</source>
        <translation>Mehrere werden mit srun gestartet (--ntasks-per-node)</translation>
    </message>
    <message>
        <source>C&amp;ores a process</source>
        <translation>Ker&amp;ne je Prozess</translation>
    </message>
    <message>
        <source>CPU cores (--cpus-per-task)</source>
        <translation>CPU-Kerne (--cpus-per-task)</translation>
    </message>
    <message>
        <source>Sav&amp;e before the end</source>
        <translation>Vor dem Ende s&amp;ichern</translation>
    </message>
    <message>
        <source>So long before the time limit the trainer saves a checkpoint and stops (--signal)</source>
        <translation>So lange vor der Zeitgrenze sichert der Trainer einen Checkpoint und hält an (--signal)</translation>
    </message>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source>&amp;Continue in a new job</source>
        <translation>In neuem Job &amp;weiter</translation>
    </message>
    <message>
        <source>At the time limit the run goes back into the queue and on from its checkpoint, until it is done</source>
        <translation>An der Zeitgrenze geht der Lauf zurück in die Warteschlange und von seinem Checkpoint weiter, bis er fertig ist</translation>
    </message>
    <message>
        <source>At the limit</source>
        <translation>An der Grenze</translation>
    </message>
    <message>
        <source>Further options of sbatch, one a line</source>
        <translation>Weitere Optionen von sbatch, eine je Zeile</translation>
    </message>
    <message>
        <source>&amp;Further options</source>
        <translation>Weitere O&amp;ptionen</translation>
    </message>
    <message>
        <source>Further options</source>
        <translation>Weitere Optionen</translation>
    </message>
    <message>
        <source>the cluster&apos;s default: %1</source>
        <translation>wie im Cluster üblich: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n node(s)</source>
        <translation>
            <numerusform>%n Knoten</numerusform>
            <numerusform>%n Knoten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n core(s)</source>
        <translation>
            <numerusform>%n Kern</numerusform>
            <numerusform>%n Kerne</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 GB</source>
        <translation>%1 GB</translation>
    </message>
    <message>
        <source>at most %1</source>
        <translation>höchstens %1</translation>
    </message>
    <message>
        <source>down</source>
        <translation>außer Betrieb</translation>
    </message>
</context>
<context>
    <name>retort::SlurmPanel</name>
    <message>
        <source>Batch script</source>
        <translation>Batch-Skript</translation>
    </message>
    <message>
        <source>Slurm&apos;s answer</source>
        <translation>Slurms Antwort</translation>
    </message>
    <message>
        <source>As &amp;made from the form</source>
        <translation>Wie aus dem &amp;Formular</translation>
    </message>
    <message>
        <source>Takes your changes of the script back; Ctrl+Z in it brings them again</source>
        <translation>Nimmt deine Änderungen am Skript zurück; Strg+Z darin holt sie wieder</translation>
    </message>
    <message>
        <source>As&amp;k Slurm</source>
        <translation>Slurm f&amp;ragen</translation>
    </message>
    <message>
        <source>Whether it would take this script, and when it would begin (sbatch --test-only)</source>
        <translation>Ob es dieses Skript annähme, und wann es begänne (sbatch --test-only)</translation>
    </message>
    <message>
        <source>&amp;Script that is submitted</source>
        <translation>&amp;Skript, das eingereicht wird</translation>
    </message>
    <message numerus="yes">
        <source>edited: %n line(s) differ</source>
        <translation>
            <numerusform>bearbeitet: %n Zeile ist anders</numerusform>
            <numerusform>bearbeitet: %n Zeilen sind anders</numerusform>
        </translation>
    </message>
    <message>
        <source>Asking Slurm…</source>
        <translation>Slurm wird gefragt …</translation>
    </message>
    <message>
        <source>Remembered for this machine: the queue, studies and retort-cli ask for the same there.</source>
        <translation>Für diese Maschine gemerkt: Warteschlange, Studien und retort-cli verlangen dort dasselbe.</translation>
    </message>
</context>
<context>
    <name>retort::SshBackend</name>
    <message>
        <source>On %1, through SSH; goes on when the window is closed or the connection breaks</source>
        <translation>Auf %1, über SSH; läuft weiter, wenn das Fenster geschlossen wird oder die Verbindung abreißt</translation>
    </message>
    <message>
        <source>It was ended before it began.</source>
        <translation>Er wurde beendet, bevor er begann.</translation>
    </message>
    <message>
        <source>looking at what is there</source>
        <translation>es wird nachgesehen, was dort ist</translation>
    </message>
</context>
<context>
    <name>retort::State</name>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>pausiert</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>verloren</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>zu Ende</translation>
    </message>
</context>
<context>
    <name>retort::SweepPanel</name>
    <message>
        <source>S&amp;weep</source>
        <translation>S&amp;weep</translation>
    </message>
    <message>
        <source>Values of the sweep</source>
        <translation>Werte des Sweeps</translation>
    </message>
    <message>
        <source>From:to:step, or values with commas between them</source>
        <translation>Von:bis:Schritt oder Werte mit Kommas dazwischen</translation>
    </message>
    <message>
        <source>Measure the &amp;row</source>
        <translation>&amp;Reihe messen</translation>
    </message>
    <message>
        <source>Ca&amp;ncel</source>
        <translation>Abbre&amp;chen</translation>
    </message>
    <message>
        <source>Progress of the sweep</source>
        <translation>Fortschritt des Sweeps</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Maß</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>Loss</translation>
    </message>
    <message>
        <source>Interpolation curve</source>
        <translation>Interpolationskurve</translation>
    </message>
    <message>
        <source>%1 over %2</source>
        <translation>%1 über %2</translation>
    </message>
    <message>
        <source>Barrier of the mean loss: %1 above the line between the ends, at %2.</source>
        <translation>Barriere des mittleren Loss: %1 über der Geraden zwischen den Enden, bei %2.</translation>
    </message>
    <message>
        <source>No barrier: the mean loss lies on or below the line between the ends.</source>
        <translation>Keine Barriere: Der mittlere Loss liegt auf oder unter der Geraden zwischen den Enden.</translation>
    </message>
    <message>
        <source>Measures a row of points, such as λ from 0 to 1, and draws what happens on the way.</source>
        <translation>Misst eine Reihe von Punkten, etwa λ von 0 bis 1, und zeichnet, was unterwegs geschieht.</translation>
    </message>
</context>
<context>
    <name>retort::TablePanel</name>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Copy or save: %1</source>
        <translation>Kopieren oder speichern: %1</translation>
    </message>
    <message>
        <source>Copy the points as CSV</source>
        <translation>Punkte als CSV kopieren</translation>
    </message>
    <message>
        <source>Save the points as CSV…</source>
        <translation>Punkte als CSV speichern …</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>CSV-Dateien (*.csv)</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>Bild kopieren</translation>
    </message>
    <message>
        <source>Save as PNG…</source>
        <translation>Als PNG speichern …</translation>
    </message>
    <message>
        <source>Save as SVG…</source>
        <translation>Als SVG speichern …</translation>
    </message>
    <message>
        <source>About %1</source>
        <translation>Über %1</translation>
    </message>
    <message>
        <source>Copy the table</source>
        <translation>Tabelle kopieren</translation>
    </message>
    <message>
        <source>Save as CSV…</source>
        <translation>Als CSV speichern …</translation>
    </message>
    <message>
        <source>Save as JSON…</source>
        <translation>Als JSON speichern …</translation>
    </message>
    <message>
        <source>JSON files (*.json)</source>
        <translation>JSON-Dateien (*.json)</translation>
    </message>
</context>
<context>
    <name>retort::TaskPanel</name>
    <message>
        <source>Held-out tasks</source>
        <translation>Testaufgaben</translation>
    </message>
    <message>
        <source>What every merge is measured on</source>
        <translation>Woran jeder Merge gemessen wird</translation>
    </message>
    <message>
        <source>Held-out problems a task: more of them, narrower intervals</source>
        <translation>Testaufgaben je Aufgabenart: mehr davon, engere Intervalle</translation>
    </message>
    <message>
        <source>Answers are cut off at so many tokens</source>
        <translation>Bei so vielen Token werden Antworten abgeschnitten</translation>
    </message>
    <message>
        <source>&amp;problems</source>
        <translation>Auf&amp;gaben</translation>
    </message>
    <message>
        <source>to&amp;kens</source>
        <translation>To&amp;ken</translation>
    </message>
    <message>
        <source>Tasks: %1 of %2</source>
        <translation>Aufgabenarten: %1 von %2</translation>
    </message>
</context>
<context>
    <name>retort::TestPanel</name>
    <message>
        <source>Test of a machine</source>
        <translation>Test einer Maschine</translation>
    </message>
    <message>
        <source>Trying %1…</source>
        <translation>%1 wird geprüft …</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Angehalten.</translation>
    </message>
    <message>
        <source>Runs can execute here.</source>
        <translation>Hier können Läufe laufen.</translation>
    </message>
    <message>
        <source>Runs cannot execute here yet: see what to do.</source>
        <translation>Hier können noch keine Läufe laufen: Sieh nach, was zu tun ist.</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>&amp;Test</source>
        <translation>&amp;Testen</translation>
    </message>
    <message>
        <source>Test tries step by step whether runs can execute there.</source>
        <translation>Testen probiert Schritt für Schritt, ob Läufe dort ausgeführt werden können.</translation>
    </message>
</context>
<context>
    <name>retort::TimeStrip</name>
    <message>
        <source>Runs with this problem</source>
        <translation>Läufe mit dieser Aufgabe</translation>
    </message>
    <message>
        <source>The same problem in other runs</source>
        <translation>Dieselbe Aufgabe in anderen Läufen</translation>
    </message>
    <message numerus="yes">
        <source>%1 (%n step(s))</source>
        <translation>
            <numerusform>%1 (%n Schritt)</numerusform>
            <numerusform>%1 (%n Schritte)</numerusform>
        </translation>
    </message>
    <message>
        <source>Same problem, %1 of %2: %3</source>
        <translation>Dieselbe Aufgabe, %1 von %2: %3</translation>
    </message>
    <message>
        <source>Pause  (Space)</source>
        <translation>Pause  (Leertaste)</translation>
    </message>
    <message>
        <source>Play through training  (Space)</source>
        <translation>Durch das Training abspielen  (Leertaste)</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Play through training</source>
        <translation>Durch das Training abspielen</translation>
    </message>
</context>
<context>
    <name>retort::TraceCanvas</name>
    <message>
        <source>Reasoning, step by step</source>
        <translation>Denken, Schritt für Schritt</translation>
    </message>
    <message>
        <source>Token %1: %2</source>
        <translation>Token %1: %2</translation>
    </message>
    <message>
        <source>%1 %2 p = %3</source>
        <translation>%1 %2 p = %3</translation>
    </message>
    <message>
        <source>Step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Thinking</source>
        <translation>Denken</translation>
    </message>
    <message>
        <source>The completion is empty.</source>
        <translation>Die Antwort ist leer.</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n Token</numerusform>
            <numerusform>%n Token</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n Byte</numerusform>
            <numerusform>%n Bytes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n step(s)</source>
        <translation>
            <numerusform>%n Schritt</numerusform>
            <numerusform>%n Schritte</numerusform>
        </translation>
    </message>
    <message>
        <source>never ended</source>
        <translation>nie beendet</translation>
    </message>
    <message>
        <source>The task&apos;s checker: right</source>
        <translation>Prüfer der Aufgabenart: richtig</translation>
    </message>
    <message>
        <source>The task&apos;s checker: wrong</source>
        <translation>Prüfer der Aufgabenart: falsch</translation>
    </message>
    <message>
        <source>A person: %1</source>
        <translation>Eine Person: %1</translation>
    </message>
    <message>
        <source>bad (−1)</source>
        <translation>schlecht (−1)</translation>
    </message>
    <message>
        <source>okay (0)</source>
        <translation>okay (0)</translation>
    </message>
    <message>
        <source>great (+1)</source>
        <translation>sehr gut (+1)</translation>
    </message>
    <message>
        <source>Process reward model: %1</source>
        <translation>Prozess-Belohnungsmodell: %1</translation>
    </message>
    <message>
        <source>Monte Carlo: %1 of %2 rollouts from here succeed (95 %: %3 to %4)</source>
        <translation>Monte Carlo: %1 von %2 Rollouts von hier gelingen (95 %: %3 bis %4)</translation>
    </message>
    <message>
        <source>Critic: %1</source>
        <translation>Kritiker: %1</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation>falsch</translation>
    </message>
    <message>
        <source>no error</source>
        <translation>kein Fehler</translation>
    </message>
    <message>
        <source>These judges disagree.</source>
        <translation>Diese Urteile widersprechen sich.</translation>
    </message>
</context>
<context>
    <name>retort::TraceDiff</name>
    <message>
        <source>step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>evaluation</source>
        <translation>Auswertung</translation>
    </message>
    <message>
        <source>sample %1</source>
        <translation>Stichprobe %1</translation>
    </message>
    <message>
        <source>Open the pinned one</source>
        <translation>Angeheftete öffnen</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>Lösen</translation>
    </message>
    <message>
        <source>Copy both</source>
        <translation>Beide kopieren</translation>
    </message>
    <message>
        <source>Nothing is pinned</source>
        <translation>Nichts ist angeheftet</translation>
    </message>
    <message>
        <source>Press P to pin the open trace, then open another one: an earlier or later step with [ and ], another sample of the group with Shift+J and Shift+K, or any trace of the list. D shows the two side by side.</source>
        <translation>P heftet die geöffnete Spur an; öffne dann eine andere: einen früheren oder späteren Schritt mit [ und ], eine andere Stichprobe der Gruppe mit Umschalt+J und Umschalt+K oder irgendeine Spur der Liste. D zeigt die beiden nebeneinander.</translation>
    </message>
    <message>
        <source>Pinned: %1</source>
        <translation>Angeheftet: %1</translation>
    </message>
    <message>
        <source>The open trace is the pinned one. Open another one to see where they part.</source>
        <translation>Die geöffnete Spur ist die angeheftete. Öffne eine andere, um zu sehen, wo sie auseinandergehen.</translation>
    </message>
    <message>
        <source>The two are answers to different prompts; the one shown is the pinned one&apos;s.</source>
        <translation>Die beiden antworten auf verschiedene Prompts; gezeigt wird der der angehefteten.</translation>
    </message>
</context>
<context>
    <name>retort::TraceFilterBar</name>
    <message>
        <source>Search prompts and completions</source>
        <translation>Aufgaben und Antworten durchsuchen</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Selected run</source>
        <translation>Gewählter Lauf</translation>
    </message>
    <message>
        <source>All runs</source>
        <translation>Alle Läufe</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Reihenfolge</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Neueste zuerst</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>Älteste zuerst</translation>
    </message>
    <message>
        <source>Highest reward</source>
        <translation>Höchste Belohnung</translation>
    </message>
    <message>
        <source>Lowest reward</source>
        <translation>Niedrigste Belohnung</translation>
    </message>
    <message>
        <source>Longest first</source>
        <translation>Längste zuerst</translation>
    </message>
    <message>
        <source>Shortest first</source>
        <translation>Kürzeste zuerst</translation>
    </message>
    <message>
        <source>Phase</source>
        <translation>Phase</translation>
    </message>
    <message>
        <source>Any phase</source>
        <translation>Jede Phase</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Evaluation</source>
        <translation>Auswertung</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabenart</translation>
    </message>
    <message>
        <source>Any task</source>
        <translation>Jede Aufgabenart</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Right or wrong</source>
        <translation>Richtig oder falsch</translation>
    </message>
    <message>
        <source>✓ Right</source>
        <translation>✓ Richtig</translation>
    </message>
    <message>
        <source>✗ Wrong</source>
        <translation>✗ Falsch</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>Ausarbeitung</translation>
    </message>
    <message>
        <source>Worked or bare</source>
        <translation>Ausarbeitung egal</translation>
    </message>
    <message>
        <source>Worked out</source>
        <translation>Ausgearbeitet</translation>
    </message>
    <message>
        <source>Bare answer</source>
        <translation>Bloße Antwort</translation>
    </message>
    <message>
        <source>From step</source>
        <translation>Ab Schritt</translation>
    </message>
    <message>
        <source>from step</source>
        <translation>ab Schritt</translation>
    </message>
    <message>
        <source>To step</source>
        <translation>Bis Schritt</translation>
    </message>
    <message>
        <source>to step</source>
        <translation>bis Schritt</translation>
    </message>
    <message>
        <source>reward from</source>
        <translation>Belohnung ab</translation>
    </message>
    <message>
        <source>reward to</source>
        <translation>Belohnung bis</translation>
    </message>
    <message>
        <source>Ending</source>
        <translation>Ende</translation>
    </message>
    <message>
        <source>Ended or cut off</source>
        <translation>Ende egal</translation>
    </message>
    <message>
        <source>Ended by itself</source>
        <translation>Von selbst beendet</translation>
    </message>
    <message>
        <source>Cut off</source>
        <translation>Abgeschnitten</translation>
    </message>
    <message>
        <source>Annotated</source>
        <translation>Annotiert</translation>
    </message>
    <message>
        <source>Annotated or not</source>
        <translation>Annotiert oder nicht</translation>
    </message>
    <message>
        <source>Not annotated</source>
        <translation>Nicht annotiert</translation>
    </message>
    <message>
        <source>Fewest tokens</source>
        <translation>Wenigste Token</translation>
    </message>
    <message>
        <source>tokens from</source>
        <translation>Token ab</translation>
    </message>
    <message>
        <source>Most tokens</source>
        <translation>Meiste Token</translation>
    </message>
    <message>
        <source>tokens to</source>
        <translation>Token bis</translation>
    </message>
    <message>
        <source>Which traces</source>
        <translation>Welche Spuren</translation>
    </message>
    <message>
        <source>All traces</source>
        <translation>Alle Spuren</translation>
    </message>
    <message>
        <source>Longest tenth</source>
        <translation>Längstes Zehntel</translation>
    </message>
    <message>
        <source>All rewards equal</source>
        <translation>Belohnungen alle gleich</translation>
    </message>
    <message>
        <source>Lanes disagree</source>
        <translation>Urteile uneins</translation>
    </message>
    <message>
        <source>Reward flipped</source>
        <translation>Belohnung gekippt</translation>
    </message>
    <message>
        <source>Graders disagree</source>
        <translation>Belohnung gegen Prüfer</translation>
    </message>
    <message>
        <source>PRM near ½</source>
        <translation>PRM nahe ½</translation>
    </message>
    <message>
        <source>Right, with a low step</source>
        <translation>Richtig, mit niedrigem Schritt</translation>
    </message>
    <message>
        <source>Convincing but wrong</source>
        <translation>Überzeugend, aber falsch</translation>
    </message>
    <message>
        <source>The longest tenth of what the filters let through, longest first</source>
        <translation>Das längste Zehntel dessen, was die Filter durchlassen, Längste zuerst</translation>
    </message>
    <message>
        <source>Groups in which all rewards are equal: a group-relative method learns nothing from them</source>
        <translation>Gruppen mit lauter gleichen Belohnungen: Eine gruppenrelative Methode lernt daraus nichts</translation>
    </message>
    <message>
        <source>Two judges say opposite things of one step</source>
        <translation>Zwei Urteile über einen Schritt sagen das Gegenteil</translation>
    </message>
    <message>
        <source>The same problem was right at one training step and wrong at the next</source>
        <translation>Dieselbe Aufgabe war bei einem Trainingsschritt richtig und beim nächsten falsch</translation>
    </message>
    <message>
        <source>The reward says one thing, the exact checker another</source>
        <translation>Die Belohnung sagt das eine, der exakte Prüfer das andere</translation>
    </message>
    <message>
        <source>A step&apos;s PRM score is nearest to one half</source>
        <translation>Der PRM-Wert eines Schrittes liegt am nächsten bei ½</translation>
    </message>
    <message>
        <source>Right answers with a step that the PRM scores low</source>
        <translation>Richtige Antworten mit einem Schritt, dem das PRM einen niedrigen Wert gibt</translation>
    </message>
    <message>
        <source>Wrong answers whose steps the PRM scores high</source>
        <translation>Falsche Antworten, deren Schritten das PRM hohe Werte gibt</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Filters (%1)</source>
        <translation>Filter (%1)</translation>
    </message>
</context>
<context>
    <name>retort::TraceGroupModel</name>
    <message>
        <source>reward %1</source>
        <translation>Belohnung %1</translation>
    </message>
    <message>
        <source>advantage %1</source>
        <translation>Vorteil %1</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n Token</numerusform>
            <numerusform>%n Token</numerusform>
        </translation>
    </message>
    <message>
        <source>, cut off</source>
        <translation>, abgeschnitten</translation>
    </message>
    <message>
        <source>Sample %1, %2, %3</source>
        <translation>Stichprobe %1, %2, %3</translation>
    </message>
    <message>
        <source>correct</source>
        <translation>richtig</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation>falsch</translation>
    </message>
    <message>
        <source>⑂ %1 of #%2</source>
        <translation>⑂ %1 von #%2</translation>
    </message>
</context>
<context>
    <name>retort::TraceListModel</name>
    <message>
        <source>%1, %2, %3</source>
        <translation>%1, %2, %3</translation>
    </message>
    <message>
        <source>correct</source>
        <translation>richtig</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation>falsch</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>reward %1</source>
        <translation>Belohnung %1</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n Token</numerusform>
            <numerusform>%n Token</numerusform>
        </translation>
    </message>
    <message>
        <source>steps %1 %</source>
        <translation>Schritte %1 %</translation>
    </message>
    <message>
        <source>cut off</source>
        <translation>abgeschnitten</translation>
    </message>
    <message>
        <source>evaluation</source>
        <translation>Auswertung</translation>
    </message>
</context>
<context>
    <name>retort::TraceListPane</name>
    <message>
        <source>Reward</source>
        <translation>Belohnung</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Show new traces</source>
        <translation>Neue Spuren zeigen</translation>
    </message>
    <message>
        <source>Traces</source>
        <translation>Spuren</translation>
    </message>
    <message>
        <source>No trace matches these filters.</source>
        <translation>Keine Spur passt zu diesen Filtern.</translation>
    </message>
    <message>
        <source>Clear the filters</source>
        <translation>Filter zurücksetzen</translation>
    </message>
    <message>
        <source>Choosing…</source>
        <translation>Wird ausgewählt …</translation>
    </message>
    <message numerus="yes">
        <source>the first %n trace(s)</source>
        <translation>
            <numerusform>die erste Spur (%n)</numerusform>
            <numerusform>die ersten %n Spuren</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n trace(s)</source>
        <translation>
            <numerusform>%n Spur</numerusform>
            <numerusform>%n Spuren</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::TraceView</name>
    <message>
        <source>step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>evaluation</source>
        <translation>Auswertung</translation>
    </message>
    <message>
        <source>sample %1</source>
        <translation>Stichprobe %1</translation>
    </message>
    <message>
        <source>reward %1</source>
        <translation>Belohnung %1</translation>
    </message>
    <message>
        <source>advantage %1</source>
        <translation>Vorteil %1</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n Token</numerusform>
            <numerusform>%n Token</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 % of the steps right</source>
        <translation>%1 % der Schritte richtig</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Reference answer</source>
        <translation>Referenzantwort</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <source>none found</source>
        <translation>keine gefunden</translation>
    </message>
    <message>
        <source>✓ Right: the answer %1 is the reference.</source>
        <translation>✓ Richtig: Die Antwort %1 ist die Referenz.</translation>
    </message>
    <message>
        <source>✗ Wrong: answer %1, reference %2.</source>
        <translation>✗ Falsch: Antwort %1, Referenz %2.</translation>
    </message>
    <message>
        <source>First wrong step: %1.</source>
        <translation>Erster falscher Schritt: %1.</translation>
    </message>
    <message>
        <source>Traces</source>
        <translation>Spuren</translation>
    </message>
    <message>
        <source>Next step</source>
        <translation>Nächster Schritt</translation>
    </message>
    <message>
        <source>Previous step</source>
        <translation>Voriger Schritt</translation>
    </message>
    <message>
        <source>First error (person, judge, lowest PRM)</source>
        <translation>Erster Fehler (Person, Urteil, niedrigstes PRM)</translation>
    </message>
    <message>
        <source>Next step at which judges disagree</source>
        <translation>Nächster Schritt, bei dem sich Urteile widersprechen</translation>
    </message>
    <message>
        <source>Fold or unfold the step</source>
        <translation>Schritt ein- oder ausklappen</translation>
    </message>
    <message>
        <source>Fold or unfold the thinking</source>
        <translation>Denken ein- oder ausklappen</translation>
    </message>
    <message>
        <source>Fold all steps, or unfold everything</source>
        <translation>Alle Schritte ein- oder alles ausklappen</translation>
    </message>
    <message>
        <source>Find in the trace</source>
        <translation>In der Spur suchen</translation>
    </message>
    <message>
        <source>Next hit</source>
        <translation>Nächster Treffer</translation>
    </message>
    <message>
        <source>Previous hit</source>
        <translation>Voriger Treffer</translation>
    </message>
    <message>
        <source>Next token lane</source>
        <translation>Nächste Token-Werte</translation>
    </message>
    <message>
        <source>Previous token lane</source>
        <translation>Vorige Token-Werte</translation>
    </message>
    <message>
        <source>Set formulas, or show their source</source>
        <translation>Formeln setzen oder ihren Quelltext zeigen</translation>
    </message>
    <message>
        <source>Proportional font</source>
        <translation>Proportionalschrift</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>Inspektor</translation>
    </message>
    <message>
        <source>Copy the selected text, or the step</source>
        <translation>Ausgewählten Text oder Schritt kopieren</translation>
    </message>
    <message>
        <source>Blind: the reference answer and its verdict are hidden.</source>
        <translation>Blind: Referenzantwort und Urteil sind verborgen.</translation>
    </message>
    <message>
        <source>Extracted</source>
        <translation>Herausgelesen</translation>
    </message>
    <message>
        <source>Answer %1; there is no reference.</source>
        <translation>Antwort %1; es gibt keine Referenz.</translation>
    </message>
    <message>
        <source>✓ right</source>
        <translation>✓ richtig</translation>
    </message>
    <message>
        <source>✗ wrong</source>
        <translation>✗ falsch</translation>
    </message>
    <message>
        <source>As the run recorded it</source>
        <translation>Wie der Lauf es aufgezeichnet hat</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <source>≠ The answer checker says otherwise: %1</source>
        <translation>≠ Der Antwortprüfer sagt etwas anderes: %1</translation>
    </message>
    <message>
        <source>Answer checker</source>
        <translation>Antwortprüfer</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>Regel</translation>
    </message>
    <message>
        <source>Where the answer was found, and what decided</source>
        <translation>Wo die Antwort gefunden wurde und was entschied</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>It found</source>
        <translation>Er fand</translation>
    </message>
    <message>
        <source>It was cut off at the length limit.</source>
        <translation>Sie wurde an der Längengrenze abgeschnitten.</translation>
    </message>
</context>
<context>
    <name>retort::TracesPage</name>
    <message>
        <source>No traces yet</source>
        <translation>Noch keine Spuren</translation>
    </message>
    <message>
        <source>A trace is one answer that the model wrote, with every step of its reasoning checked. Runs keep some of them as they train and evaluate; they appear here by themselves.</source>
        <translation>Eine Spur ist eine Antwort des Modells, an der jeder Denkschritt geprüft ist. Läufe behalten beim Training und bei der Auswertung einige davon; sie erscheinen hier von selbst.</translation>
    </message>
    <message>
        <source>Run the quickstart</source>
        <translation>Schnellstart ausführen</translation>
    </message>
    <message>
        <source>Choose a run</source>
        <translation>Lauf wählen</translation>
    </message>
    <message>
        <source>Traces</source>
        <translation>Spuren</translation>
    </message>
    <message>
        <source>Samples of the group</source>
        <translation>Stichproben der Gruppe</translation>
    </message>
    <message>
        <source>Next sample of the group</source>
        <translation>Nächste Stichprobe der Gruppe</translation>
    </message>
    <message>
        <source>Previous sample of the group</source>
        <translation>Vorige Stichprobe der Gruppe</translation>
    </message>
    <message>
        <source>Same problem, earlier step</source>
        <translation>Dieselbe Aufgabe, früherer Schritt</translation>
    </message>
    <message>
        <source>Same problem, later step</source>
        <translation>Dieselbe Aufgabe, späterer Schritt</translation>
    </message>
    <message>
        <source>Search all traces</source>
        <translation>Alle Spuren durchsuchen</translation>
    </message>
    <message>
        <source>Copy trace as text</source>
        <translation>Spur als Text kopieren</translation>
    </message>
    <message>
        <source>Copy trace as JSON</source>
        <translation>Spur als JSON kopieren</translation>
    </message>
    <message>
        <source>Export the list…</source>
        <translation>Liste exportieren …</translation>
    </message>
    <message>
        <source>Follow new traces</source>
        <translation>Neuen Spuren folgen</translation>
    </message>
    <message numerus="yes">
        <source>Group of %n sample(s)</source>
        <translation>
            <numerusform>Gruppe von %n Stichprobe</numerusform>
            <numerusform>Gruppe von %n Stichproben</numerusform>
        </translation>
    </message>
    <message>
        <source>All rewards are equal: nothing to learn from.</source>
        <translation>Alle Belohnungen sind gleich: Daraus ist nichts zu lernen.</translation>
    </message>
    <message>
        <source>JSON lines (*.jsonl)</source>
        <translation>JSON-Zeilen (*.jsonl)</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>CSV-Dateien (*.csv)</translation>
    </message>
    <message>
        <source>Export the traces of the list</source>
        <translation>Spuren der Liste exportieren</translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation>Wird exportiert …</translation>
    </message>
    <message numerus="yes">
        <source>%n trace(s) written to %1</source>
        <translation>
            <numerusform>%n Spur nach %1 geschrieben</numerusform>
            <numerusform>%n Spuren nach %1 geschrieben</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n branch(es)</source>
        <translation>
            <numerusform>%n Zweig</numerusform>
            <numerusform>%n Zweige</numerusform>
        </translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>List or queue</source>
        <translation>Liste oder Warteschlange</translation>
    </message>
    <message>
        <source>Next step of the group</source>
        <translation>Nächster Schritt der Gruppe</translation>
    </message>
    <message>
        <source>Previous step of the group</source>
        <translation>Voriger Schritt der Gruppe</translation>
    </message>
    <message>
        <source>The group side by side</source>
        <translation>Die Gruppe nebeneinander</translation>
    </message>
    <message>
        <source>The problem&apos;s solutions as a tree</source>
        <translation>Die Lösungen der Aufgabe als Baum</translation>
    </message>
    <message>
        <source>Go on from this step…</source>
        <translation>Von diesem Schritt aus weiter …</translation>
    </message>
    <message>
        <source>Play the problem through training</source>
        <translation>Aufgabe durch das Training abspielen</translation>
    </message>
    <message>
        <source>Pin this trace, to compare others with it</source>
        <translation>Diese Spur anheften, um andere mit ihr zu vergleichen</translation>
    </message>
    <message>
        <source>Difference to the pinned trace</source>
        <translation>Unterschied zur angehefteten Spur</translation>
    </message>
    <message>
        <source>Show this step in Live</source>
        <translation>Diesen Schritt in Live zeigen</translation>
    </message>
    <message>
        <source>&amp;Judge traces…</source>
        <translation>Spuren &amp;beurteilen …</translation>
    </message>
    <message>
        <source>Make a &amp;PRM dataset from these…</source>
        <translation>&amp;PRM-Datensatz daraus machen …</translation>
    </message>
    <message>
        <source>&amp;Rerank by a judge&apos;s scores…</source>
        <translation>Nach Werten eines Urteils neu &amp;ordnen …</translation>
    </message>
    <message>
        <source>Use a PRM as re&amp;ward…</source>
        <translation>PRM als Belo&amp;hnung verwenden …</translation>
    </message>
    <message>
        <source>Use a PRM as reward</source>
        <translation>PRM als Belohnung verwenden</translation>
    </message>
    <message>
        <source>Process reward model of the new run:</source>
        <translation>Prozess-Belohnungsmodell des neuen Laufs:</translation>
    </message>
    <message>
        <source>How the trace is shown</source>
        <translation>Wie die Spur gezeigt wird</translation>
    </message>
    <message>
        <source>Trace</source>
        <translation>Spur</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Gruppe</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Unterschied</translation>
    </message>
    <message>
        <source>Tree</source>
        <translation>Baum</translation>
    </message>
    <message>
        <source>Import traces…</source>
        <translation>Spuren importieren …</translation>
    </message>
</context>
<context>
    <name>retort::TradeOffView</name>
    <message>
        <source>Trade-off of the measured points</source>
        <translation>Trade-off der gemessenen Punkte</translation>
    </message>
    <message>
        <source>%1 points, %2 of them on the front; %3 against %4</source>
        <translation>%1 Punkte, %2 davon auf der Front; %3 gegen %4</translation>
    </message>
    <message>
        <source>Copy the picture</source>
        <translation>Bild kopieren</translation>
    </message>
    <message>
        <source>Save as PNG or SVG…</source>
        <translation>Als PNG oder SVG speichern …</translation>
    </message>
    <message>
        <source>Save the chart</source>
        <translation>Diagramm speichern</translation>
    </message>
    <message>
        <source>PNG (*.png);;SVG (*.svg)</source>
        <translation>PNG (*.png);;SVG (*.svg)</translation>
    </message>
</context>
<context>
    <name>retort::TreeTab</name>
    <message>
        <source>Go on from here…</source>
        <translation>Von hier aus weiter …</translation>
    </message>
    <message>
        <source>Open its trace</source>
        <translation>Seine Spur öffnen</translation>
    </message>
    <message>
        <source>Text up to the node</source>
        <translation>Text bis zum Knoten</translation>
    </message>
    <message>
        <source>Rounds of the search</source>
        <translation>Runden der Suche</translation>
    </message>
    <message>
        <source>round</source>
        <translation>Runde</translation>
    </message>
    <message>
        <source>Which tree</source>
        <translation>Welcher Baum</translation>
    </message>
    <message>
        <source>A checkpoint writes on from this step  (R)</source>
        <translation>Ein Checkpoint schreibt von diesem Schritt an weiter  (R)</translation>
    </message>
    <message>
        <source>Smaller  (−)</source>
        <translation>Kleiner  (−)</translation>
    </message>
    <message>
        <source>Larger  (+)</source>
        <translation>Größer  (+)</translation>
    </message>
    <message>
        <source>The whole tree  (0)</source>
        <translation>Der ganze Baum  (0)</translation>
    </message>
    <message>
        <source>This group and its branches</source>
        <translation>Diese Gruppe und ihre Zweige</translation>
    </message>
    <message>
        <source>All samples of the problem in this run</source>
        <translation>Alle Stichproben der Aufgabe in diesem Lauf</translation>
    </message>
    <message>
        <source>All samples of the problem, all runs</source>
        <translation>Alle Stichproben der Aufgabe, alle Läufe</translation>
    </message>
    <message>
        <source>%1 %2 %3, step %4, %5 nodes</source>
        <translation>%1 %2 %3, Schritt %4, %5 Knoten</translation>
    </message>
    <message>
        <source>%1 at step %2 · %3 nodes · %4 tokens · answer %5 · %6</source>
        <translation>%1 bei Schritt %2 · %3 Knoten · %4 Token · Antwort: %5 · %6</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>✓ right</source>
        <translation>✓ richtig</translation>
    </message>
    <message>
        <source>✗ wrong</source>
        <translation>✗ falsch</translation>
    </message>
    <message numerus="yes">
        <source>%n sample(s), %1 right, %2 nodes</source>
        <translation>
            <numerusform>%n Stichprobe, %1 richtig, %2 Knoten</numerusform>
            <numerusform>%n Stichproben, %1 richtig, %2 Knoten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n branch(es) made here</source>
        <translation>
            <numerusform>%n Zweig hier entstanden</numerusform>
            <numerusform>%n Zweige hier entstanden</numerusform>
        </translation>
    </message>
    <message>
        <source>the newest %1 of them only</source>
        <translation>nur die neuesten %1 davon</translation>
    </message>
</context>
<context>
    <name>retort::TreeView</name>
    <message>
        <source>Tree of solutions</source>
        <translation>Lösungsbaum</translation>
    </message>
    <message>
        <source>There is no tree to show.</source>
        <translation>Es gibt keinen Baum zu zeigen.</translation>
    </message>
    <message>
        <source>dropped</source>
        <translation>verworfen</translation>
    </message>
    <message>
        <source>w %1</source>
        <translation>w %1</translation>
    </message>
</context>
<context>
    <name>retort::ValueHistogram</name>
    <message>
        <source>Histogram: %1</source>
        <translation>Histogramm: %1</translation>
    </message>
    <message>
        <source>no values</source>
        <translation>keine Werte</translation>
    </message>
    <message>
        <source>from %1 to %2</source>
        <translation>von %1 bis %2</translation>
    </message>
    <message>
        <source>%1 from %2 to %3: %4 right, %5 wrong</source>
        <translation>%1 von %2 bis %3: %4 richtig, %5 falsch</translation>
    </message>
    <message>
        <source>Click or drag: only these. Esc: all.</source>
        <translation>Klicken oder ziehen: nur diese. Esc: alle.</translation>
    </message>
</context>
<context>
    <name>retort::WeightsTab</name>
    <message numerus="yes">
        <source>%n tensor(s) only in A: </source>
        <translation>
            <numerusform>%n Tensor nur in A: </numerusform>
            <numerusform>%n Tensoren nur in A: </numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) only in B: </source>
        <translation>
            <numerusform>%n Tensor nur in B: </numerusform>
            <numerusform>%n Tensoren nur in B: </numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) of another shape are not compared</source>
        <translation>
            <numerusform>%n Tensor anderer Form wird nicht verglichen</numerusform>
            <numerusform>%n Tensoren anderer Form werden nicht verglichen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) are not compared: </source>
        <translation>
            <numerusform>%n Tensor wird nicht verglichen: </numerusform>
            <numerusform>%n Tensoren werden nicht verglichen: </numerusform>
        </translation>
    </message>
    <message>
        <source>The tokenizers number their tokens differently: rows of the embeddings are paired by token</source>
        <translation>Die Tokenizer nummerieren ihre Token verschieden: Die Zeilen der Einbettungen sind nach Token gepaart</translation>
    </message>
    <message numerus="yes">
        <source>%n more field(s) of config.json differ</source>
        <translation>
            <numerusform>%n weiteres Feld von config.json weicht ab</numerusform>
            <numerusform>%n weitere Felder von config.json weichen ab</numerusform>
        </translation>
    </message>
    <message>
        <source>Same architecture</source>
        <translation>Gleiche Architektur</translation>
    </message>
    <message>
        <source>same tokenizer</source>
        <translation>gleicher Tokenizer</translation>
    </message>
    <message>
        <source>tokenizers differ: %1 tokens removed, %2 added, %3 renumbered; token by token values cannot be set against each other</source>
        <translation>Tokenizer weichen ab: %1 Token entfernt, %2 hinzugefügt, %3 umnummeriert; Werte lassen sich nicht Token für Token gegenüberstellen</translation>
    </message>
    <message>
        <source>%1 token: %2 → %3</source>
        <translation>%1-Token: %2 → %3</translation>
    </message>
    <message>
        <source>chat templates differ</source>
        <translation>Chat-Vorlagen weichen ab</translation>
    </message>
    <message>
        <source>Tensors</source>
        <translation>Tensoren</translation>
    </message>
    <message>
        <source>About the weights</source>
        <translation>Über die Gewichte</translation>
    </message>
    <message>
        <source>A</source>
        <translation>A</translation>
    </message>
    <message>
        <source>B</source>
        <translation>B</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>Basis</translation>
    </message>
    <message>
        <source>The checkpoint that both came from: adds the cosine of their moves and their sign conflicts</source>
        <translation>Der Checkpoint, von dem beide kommen: ergänzt den Kosinus ihrer Verschiebungen und ihre Vorzeichenkonflikte</translation>
    </message>
    <message>
        <source>S&amp;pectra</source>
        <translation>S&amp;pektren</translation>
    </message>
    <message>
        <source>Singular values of the differences; takes much longer</source>
        <translation>Singulärwerte der Differenzen; dauert viel länger</translation>
    </message>
    <message>
        <source>Compare &amp;weights</source>
        <translation>Ge&amp;wichte vergleichen</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Map: relative L2</source>
        <translation>Karte: relatives L2</translation>
    </message>
    <message>
        <source>Map: cosine</source>
        <translation>Karte: Kosinus</translation>
    </message>
    <message>
        <source>Map: changed</source>
        <translation>Karte: geändert</translation>
    </message>
    <message>
        <source>Map: sign conflicts</source>
        <translation>Karte: Vorzeichenkonflikte</translation>
    </message>
    <message>
        <source>What the map shows</source>
        <translation>Was die Karte zeigt</translation>
    </message>
    <message>
        <source>Layer map</source>
        <translation>Schichtenkarte</translation>
    </message>
    <message>
        <source>Copy the values</source>
        <translation>Werte kopieren</translation>
    </message>
    <message>
        <source>Save the values as CSV…</source>
        <translation>Werte als CSV speichern …</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>CSV-Dateien (*.csv)</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>Bild kopieren</translation>
    </message>
    <message>
        <source>Save as PNG…</source>
        <translation>Als PNG speichern …</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Reads both checkpoints&apos; weights from the disk and compares them tensor by tensor.</source>
        <translation>Liest die Gewichte beider Checkpoints von der Platte und vergleicht sie Tensor für Tensor.</translation>
    </message>
    <message>
        <source>Weights can be compared where at least two of the checkpoints are still on the disk.</source>
        <translation>Gewichte lassen sich vergleichen, wo noch mindestens zwei der Checkpoints auf der Platte liegen.</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>Abbre&amp;chen</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s): cosine %1, relative L2 %2, %3 % of the elements changed</source>
        <translation>
            <numerusform>%n Tensor: Kosinus %1, relatives L2 %2, %3 % der Elemente geändert</numerusform>
            <numerusform>%n Tensoren: Kosinus %1, relatives L2 %2, %3 % der Elemente geändert</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::YamlEditor</name>
    <message>
        <source>Configuration as YAML</source>
        <translation>Konfiguration als YAML</translation>
    </message>
</context>
</TS>
