<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name>Format</name>
    <message>
        <source>%1 s</source>
        <translation type="vanished">%1 s</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation type="vanished">%1 min %2 s</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation type="vanished">%1 h %2 min</translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <translation type="vanished">%1 T %2 h</translation>
    </message>
</context>
<context>
    <name>TraceListModel</name>
    <message>
        <source>step %1</source>
        <translation type="vanished">Schritt %1</translation>
    </message>
    <message>
        <source>reward %1</source>
        <translation type="vanished">Belohnung %1</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation type="vanished">
            <numerusform>%n Token</numerusform>
            <numerusform>%n Token</numerusform>
        </translation>
    </message>
    <message>
        <source>steps %1 %</source>
        <translation type="vanished">Schritte %1 %</translation>
    </message>
    <message>
        <source>cut off</source>
        <translation type="vanished">abgeschnitten</translation>
    </message>
    <message>
        <source>evaluation</source>
        <translation type="vanished">Auswertung</translation>
    </message>
</context>
<context>
    <name>TraceText</name>
    <message>
        <source>answer: %1 %2, reference: %3</source>
        <translation type="vanished">Antwort: %1 %2, Referenz: %3</translation>
    </message>
    <message>
        <source>reward: %1</source>
        <translation type="vanished">Belohnung: %1</translation>
    </message>
</context>
<context>
    <name>retort::AlarmStrip</name>
    <message>
        <source>Error</source>
        <translation type="vanished">Fehler</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation type="vanished">Warnung</translation>
    </message>
    <message>
        <source>Note</source>
        <translation type="vanished">Hinweis</translation>
    </message>
    <message>
        <source>Alarms of the selected runs</source>
        <translation type="vanished">Alarme der gewählten Läufe</translation>
    </message>
    <message>
        <source>Copy the alarm</source>
        <translation type="vanished">Alarm kopieren</translation>
    </message>
    <message>
        <source>Live</source>
        <translation type="vanished">Live</translation>
    </message>
    <message>
        <source>%1  ·  %2, step %3:  %4</source>
        <translation type="vanished">%1  ·  %2, Schritt %3:  %4</translation>
    </message>
</context>
<context>
    <name>retort::ChartCard</name>
    <message>
        <source>Logarithmic scale: %1</source>
        <translation type="vanished">Logarithmische Skala: %1</translation>
    </message>
    <message>
        <source>Maximise: %1</source>
        <translation type="vanished">Vergrößern: %1</translation>
    </message>
    <message>
        <source>Copy or save: %1</source>
        <translation type="vanished">Kopieren oder speichern: %1</translation>
    </message>
    <message>
        <source>Copy all points as CSV</source>
        <translation type="vanished">Alle Punkte als CSV kopieren</translation>
    </message>
    <message>
        <source>Save all points as CSV…</source>
        <translation type="vanished">Alle Punkte als CSV speichern …</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation type="vanished">Bild kopieren</translation>
    </message>
    <message>
        <source>Save as PNG…</source>
        <translation type="vanished">Als PNG speichern …</translation>
    </message>
    <message>
        <source>Save as SVG…</source>
        <translation type="vanished">Als SVG speichern …</translation>
    </message>
    <message>
        <source>Back to all charts</source>
        <translation type="vanished">Zurück zu allen Diagrammen</translation>
    </message>
</context>
<context>
    <name>retort::ChartGrid</name>
    <message>
        <source>Charts</source>
        <translation type="vanished">Diagramme</translation>
    </message>
</context>
<context>
    <name>retort::CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation type="vanished">Befehlspalette</translation>
    </message>
    <message>
        <source>Type a command</source>
        <translation type="vanished">Befehl eingeben</translation>
    </message>
    <message>
        <source>Command</source>
        <translation type="vanished">Befehl</translation>
    </message>
    <message>
        <source>Matching commands</source>
        <translation type="vanished">Passende Befehle</translation>
    </message>
</context>
<context>
    <name>retort::CompareDialog</name>
    <message>
        <source>Parameter</source>
        <translation type="vanished">Parameter</translation>
    </message>
    <message>
        <source>Parameters that differ</source>
        <translation type="vanished">Abweichende Parameter</translation>
    </message>
    <message>
        <source>Metric</source>
        <translation type="vanished">Messgröße</translation>
    </message>
    <message>
        <source>Last metrics</source>
        <translation type="vanished">Letzte Messwerte</translation>
    </message>
    <message numerus="yes">
        <source>Compare %n run(s)</source>
        <translation type="vanished">
            <numerusform>%n Lauf vergleichen</numerusform>
            <numerusform>%n Läufe vergleichen</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Parameters that differ (%1)</source>
        <translation type="vanished">Abweichende &amp;Parameter (%1)</translation>
    </message>
    <message>
        <source>The configurations are equal.</source>
        <translation type="vanished">Die Konfigurationen sind gleich.</translation>
    </message>
    <message>
        <source>Last &amp;metrics</source>
        <translation type="vanished">Letzte &amp;Messwerte</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation type="vanished">&amp;Kopieren</translation>
    </message>
    <message>
        <source>&amp;Export CSV…</source>
        <translation type="vanished">CSV &amp;exportieren …</translation>
    </message>
    <message>
        <source>Export the comparison</source>
        <translation type="vanished">Vergleich exportieren</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation type="vanished">CSV-Dateien (*.csv)</translation>
    </message>
    <message>
        <source>Could not write %1: %2</source>
        <translation type="vanished">%1 konnte nicht geschrieben werden: %2</translation>
    </message>
</context>
<context>
    <name>retort::DesignPage</name>
    <message>
        <source>Design</source>
        <translation type="vanished">Entwurf</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation type="vanished">&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation type="vanished">&amp;Wiederholen</translation>
    </message>
</context>
<context>
    <name>retort::Duration</name>
    <message>
        <source>%1 s</source>
        <translation type="vanished">%1 s</translation>
    </message>
</context>
<context>
    <name>retort::InProcessBackend</name>
    <message>
        <source>The trainer failed without a message</source>
        <translation type="vanished">Der Trainer brach ohne Meldung ab</translation>
    </message>
    <message>
        <source>The trainer failed with an unknown exception</source>
        <translation type="vanished">Der Trainer brach mit einer unbekannten Ausnahme ab</translation>
    </message>
</context>
<context>
    <name>retort::Lab</name>
    <message>
        <source>The study '%1' is still going.</source>
        <translation type="vanished">Die Studie „%1“ läuft noch.</translation>
    </message>
</context>
<context>
    <name>retort::LivePage</name>
    <message>
        <source>No run is selected</source>
        <translation type="vanished">Kein Lauf ist gewählt</translation>
    </message>
    <message>
        <source>Select runs in Runs to see their curves here, or start the quickstart study: a small model learns a reasoning task in a few minutes.</source>
        <translation type="vanished">Wähle unter „Läufe“ aus, wessen Kurven du hier sehen willst, oder starte die Schnellstart-Studie: Ein kleines Modell lernt in wenigen Minuten eine Denkaufgabe.</translation>
    </message>
    <message>
        <source>Start the quickstart</source>
        <translation type="vanished">Schnellstart beginnen</translation>
    </message>
    <message>
        <source>Design a run</source>
        <translation type="vanished">Lauf entwerfen</translation>
    </message>
    <message>
        <source>No values yet</source>
        <translation type="vanished">Noch keine Werte</translation>
    </message>
    <message>
        <source>The curves appear as soon as the run writes its first step.</source>
        <translation type="vanished">Die Kurven erscheinen, sobald der Lauf seinen ersten Schritt schreibt.</translation>
    </message>
    <message>
        <source>Filter metrics</source>
        <translation type="vanished">Messgrößen filtern</translation>
    </message>
    <message>
        <source>Filter metrics by name</source>
        <translation type="vanished">Messgrößen nach Namen filtern</translation>
    </message>
    <message>
        <source>&amp;X axis</source>
        <translation type="vanished">&amp;X-Achse</translation>
    </message>
    <message>
        <source>Step</source>
        <translation type="vanished">Schritt</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation type="vanished">Token</translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="vanished">Zeit</translation>
    </message>
    <message>
        <source>X axis</source>
        <translation type="vanished">X-Achse</translation>
    </message>
    <message>
        <source>S&amp;moothing</source>
        <translation type="vanished">&amp;Glättung</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation type="vanished">Glättung</translation>
    </message>
    <message>
        <source>Debiased exponential moving average over all points; the raw line stays behind it</source>
        <translation type="vanished">Exponentielles gleitendes Mittel ohne Anfangsfehler über alle Punkte; die rohe Linie bleibt dahinter sichtbar</translation>
    </message>
    <message>
        <source>Log scale</source>
        <translation type="vanished">Log-Skala</translation>
    </message>
    <message>
        <source>Logarithmic scale in all charts</source>
        <translation type="vanished">Logarithmische Skala in allen Diagrammen</translation>
    </message>
    <message>
        <source>Live</source>
        <translation type="vanished">Live</translation>
    </message>
    <message>
        <source>X axis: step</source>
        <translation type="vanished">X-Achse: Schritt</translation>
    </message>
    <message>
        <source>X axis: tokens</source>
        <translation type="vanished">X-Achse: Token</translation>
    </message>
    <message>
        <source>X axis: time</source>
        <translation type="vanished">X-Achse: Zeit</translation>
    </message>
    <message>
        <source>No smoothing</source>
        <translation type="vanished">Keine Glättung</translation>
    </message>
    <message>
        <source>Back to all charts</source>
        <translation type="vanished">Zurück zu allen Diagrammen</translation>
    </message>
    <message>
        <source>The first %1 of %2 selected runs</source>
        <translation type="vanished">Die ersten %1 von %2 gewählten Läufen</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation type="vanished">Token</translation>
    </message>
    <message>
        <source>time</source>
        <translation type="vanished">Zeit</translation>
    </message>
    <message>
        <source>step</source>
        <translation type="vanished">Schritt</translation>
    </message>
    <message>
        <source>off</source>
        <translation type="vanished">aus</translation>
    </message>
    <message>
        <source>Save all points</source>
        <translation type="vanished">Alle Punkte speichern</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation type="vanished">CSV-Dateien (*.csv)</translation>
    </message>
    <message>
        <source>SVG pictures (*.svg)</source>
        <translation type="vanished">SVG-Bilder (*.svg)</translation>
    </message>
    <message>
        <source>PNG pictures (*.png)</source>
        <translation type="vanished">PNG-Bilder (*.png)</translation>
    </message>
    <message>
        <source>Save the picture</source>
        <translation type="vanished">Bild speichern</translation>
    </message>
</context>
<context>
    <name>retort::MainWindow</name>
    <message>
        <source>Runs</source>
        <translation type="vanished">Läufe</translation>
    </message>
    <message>
        <source>Design</source>
        <translation type="vanished">Entwurf</translation>
    </message>
    <message>
        <source>Live</source>
        <translation type="vanished">Live</translation>
    </message>
    <message>
        <source>Traces</source>
        <translation type="vanished">Spuren</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation type="vanished">&amp;Datei</translation>
    </message>
    <message>
        <source>File</source>
        <translation type="vanished">Datei</translation>
    </message>
    <message>
        <source>Start the &amp;quickstart study</source>
        <translation type="vanished">&amp;Schnellstart-Studie beginnen</translation>
    </message>
    <message>
        <source>&amp;Back up the store…</source>
        <translation type="vanished">Speicher &amp;sichern …</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation type="vanished">&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation type="vanished">&amp;Lauf</translation>
    </message>
    <message>
        <source>Run</source>
        <translation type="vanished">Lauf</translation>
    </message>
    <message>
        <source>&amp;Stop after this step</source>
        <translation type="vanished">Nach diesem Schritt &amp;anhalten</translation>
    </message>
    <message>
        <source>&amp;Pause or go on</source>
        <translation type="vanished">&amp;Pause oder weiter</translation>
    </message>
    <message>
        <source>Save a &amp;checkpoint now</source>
        <translation type="vanished">Jetzt einen &amp;Kontrollpunkt sichern</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation type="vanished">&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Kill its process</source>
        <translation type="vanished">Prozess &amp;abbrechen</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="vanished">&amp;Ansicht</translation>
    </message>
    <message>
        <source>View</source>
        <translation type="vanished">Ansicht</translation>
    </message>
    <message>
        <source>Go to Runs</source>
        <translation type="vanished">Zu den Läufen</translation>
    </message>
    <message>
        <source>Go to Design</source>
        <translation type="vanished">Zum Entwurf</translation>
    </message>
    <message>
        <source>Go to Live</source>
        <translation type="vanished">Zu Live</translation>
    </message>
    <message>
        <source>Go to Traces</source>
        <translation type="vanished">Zu den Spuren</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation type="vanished">&amp;Farben</translation>
    </message>
    <message>
        <source>Theme: as the &amp;system</source>
        <translation type="vanished">Farben: wie das &amp;System</translation>
    </message>
    <message>
        <source>Theme: &amp;light</source>
        <translation type="vanished">Farben: &amp;hell</translation>
    </message>
    <message>
        <source>Theme: &amp;dark</source>
        <translation type="vanished">Farben: &amp;dunkel</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation type="vanished">&amp;Sprache</translation>
    </message>
    <message>
        <source>Language: as the &amp;system</source>
        <translation type="vanished">Sprache: wie das &amp;System</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="vanished">&amp;Hilfe</translation>
    </message>
    <message>
        <source>Help</source>
        <translation type="vanished">Hilfe</translation>
    </message>
    <message>
        <source>&amp;Command palette…</source>
        <translation type="vanished">&amp;Befehlspalette …</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts…</source>
        <translation type="vanished">&amp;Tastenkürzel …</translation>
    </message>
    <message>
        <source>&amp;About Retort…</source>
        <translation type="vanished">Ü&amp;ber Retort …</translation>
    </message>
    <message>
        <source>Store: %1</source>
        <translation type="vanished">Speicher: %1</translation>
    </message>
    <message>
        <source>Progress of the running runs</source>
        <translation type="vanished">Fortschritt der laufenden Läufe</translation>
    </message>
    <message>
        <source>No run is going</source>
        <translation type="vanished">Kein Lauf ist im Gange</translation>
    </message>
    <message>
        <source>Running: %1</source>
        <translation type="vanished">Läuft: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n runs are going</source>
        <translation type="vanished">
            <numerusform>%n Lauf ist im Gange</numerusform>
            <numerusform>%n Läufe sind im Gange</numerusform>
        </translation>
    </message>
    <message>
        <source>Starting the quickstart study…</source>
        <translation type="vanished">Die Schnellstart-Studie beginnt …</translation>
    </message>
    <message>
        <source>Select a run first</source>
        <translation type="vanished">Wähle zuerst einen Lauf</translation>
    </message>
    <message>
        <source>Back up the store</source>
        <translation type="vanished">Speicher sichern</translation>
    </message>
    <message>
        <source>Stores (*.db)</source>
        <translation type="vanished">Speicher (*.db)</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation type="vanished">%1 gespeichert</translation>
    </message>
    <message>
        <source>About Retort</source>
        <translation type="vanished">Über Retort</translation>
    </message>
    <message>
        <source>&lt;h3&gt;Retort %1&lt;/h3&gt;&lt;p&gt;A native lab for post-training small reasoning models.&lt;/p&gt;&lt;p&gt;Free software under the GNU General Public License, version 3 or later. It comes with no warranty.&lt;/p&gt;&lt;p&gt;Made with Qt %2 and SQLite; training with LibTorch, which is loaded at the first launch.&lt;/p&gt;</source>
        <translation type="vanished">&lt;h3&gt;Retort %1&lt;/h3&gt;&lt;p&gt;Ein natives Labor für das Nachtraining kleiner denkender Modelle.&lt;/p&gt;&lt;p&gt;Freie Software unter der GNU General Public License, Version 3 oder später, ohne jede Gewährleistung.&lt;/p&gt;&lt;p&gt;Gemacht mit Qt %2 und SQLite; trainiert wird mit LibTorch, das beim ersten Start eines Laufs geladen wird.&lt;/p&gt;</translation>
    </message>
</context>
<context>
    <name>retort::MessageBar</name>
    <message>
        <source>Copy the message</source>
        <translation type="vanished">Meldung kopieren</translation>
    </message>
    <message>
        <source>Dismiss the message</source>
        <translation type="vanished">Meldung schließen</translation>
    </message>
    <message>
        <source>Error: %1</source>
        <translation type="vanished">Fehler: %1</translation>
    </message>
</context>
<context>
    <name>retort::Metric</name>
    <message>
        <source>Loss</source>
        <translation type="vanished">Verlust</translation>
    </message>
    <message>
        <source>Reward</source>
        <translation type="vanished">Belohnung</translation>
    </message>
    <message>
        <source>Response length, mean</source>
        <translation type="vanished">Antwortlänge, Mittel</translation>
    </message>
    <message>
        <source>Reward: spread within groups</source>
        <translation type="vanished">Belohnung: Streuung in Gruppen</translation>
    </message>
    <message>
        <source>Groups without spread</source>
        <translation type="vanished">Gruppen ohne Streuung</translation>
    </message>
    <message>
        <source>Response length, shortest</source>
        <translation type="vanished">Antwortlänge, kürzeste</translation>
    </message>
    <message>
        <source>Response length, longest</source>
        <translation type="vanished">Antwortlänge, längste</translation>
    </message>
    <message>
        <source>Length of ended responses, mean</source>
        <translation type="vanished">Länge beendeter Antworten, Mittel</translation>
    </message>
    <message>
        <source>Responses cut off</source>
        <translation type="vanished">Abgeschnittene Antworten</translation>
    </message>
    <message>
        <source>Worked answers</source>
        <translation type="vanished">Ausgearbeitete Antworten</translation>
    </message>
    <message>
        <source>Token accuracy</source>
        <translation type="vanished">Token-Genauigkeit</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation type="vanished">Lernrate</translation>
    </message>
    <message>
        <source>Gradient norm</source>
        <translation type="vanished">Gradientennorm</translation>
    </message>
    <message>
        <source>Epoch</source>
        <translation type="vanished">Epoche</translation>
    </message>
    <message>
        <source>Tokens trained on</source>
        <translation type="vanished">Trainierte Token</translation>
    </message>
    <message>
        <source>Entropy</source>
        <translation type="vanished">Entropie</translation>
    </message>
    <message>
        <source>KL to the reference</source>
        <translation type="vanished">KL zur Referenz</translation>
    </message>
    <message>
        <source>Policy loss</source>
        <translation type="vanished">Policy-Verlust</translation>
    </message>
    <message>
        <source>Clipped tokens</source>
        <translation type="vanished">Gekappte Token</translation>
    </message>
    <message>
        <source>Clipped below</source>
        <translation type="vanished">Unten gekappt</translation>
    </message>
    <message>
        <source>Clipped above</source>
        <translation type="vanished">Oben gekappt</translation>
    </message>
    <message>
        <source>Training speed, tokens/s</source>
        <translation type="vanished">Training, Token/s</translation>
    </message>
    <message>
        <source>Generation speed, tokens/s</source>
        <translation type="vanished">Erzeugung, Token/s</translation>
    </message>
    <message>
        <source>Share of the peak rate</source>
        <translation type="vanished">Anteil der Spitzenrate</translation>
    </message>
    <message>
        <source>Time per step, s</source>
        <translation type="vanished">Zeit je Schritt, s</translation>
    </message>
    <message>
        <source>Held-out accuracy: %1</source>
        <translation type="vanished">Genauigkeit im Test: %1</translation>
    </message>
    <message>
        <source>Reward: %1</source>
        <translation type="vanished">Belohnung: %1</translation>
    </message>
    <message>
        <source>Reward: %1, spread</source>
        <translation type="vanished">Belohnung: %1, Streuung</translation>
    </message>
    <message>
        <source>Step accuracy: %1</source>
        <translation type="vanished">Schrittgenauigkeit: %1</translation>
    </message>
    <message>
        <source>Held-out length: %1</source>
        <translation type="vanished">Länge im Test: %1</translation>
    </message>
    <message>
        <source>Worked answers, held-out: %1</source>
        <translation type="vanished">Ausgearbeitet im Test: %1</translation>
    </message>
    <message>
        <source>Held-out: %1</source>
        <translation type="vanished">Test: %1</translation>
    </message>
    <message>
        <source>Responses: %1</source>
        <translation type="vanished">Antworten: %1</translation>
    </message>
    <message>
        <source>Clipped tokens: %1</source>
        <translation type="vanished">Gekappte Token: %1</translation>
    </message>
    <message>
        <source>Sampling: %1</source>
        <translation type="vanished">Stichproben: %1</translation>
    </message>
    <message>
        <source>Seconds a step: %1</source>
        <translation type="vanished">Sekunden je Schritt: %1</translation>
    </message>
    <message>
        <source>Speed: %1</source>
        <translation type="vanished">Tempo: %1</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation type="vanished">Überblick</translation>
    </message>
    <message>
        <source>Responses</source>
        <translation type="vanished">Antworten</translation>
    </message>
    <message>
        <source>Held-out problems</source>
        <translation type="vanished">Testaufgaben</translation>
    </message>
    <message>
        <source>Optimisation</source>
        <translation type="vanished">Optimierung</translation>
    </message>
    <message>
        <source>Policy</source>
        <translation type="vanished">Policy</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation type="vanished">Tempo</translation>
    </message>
    <message>
        <source>More</source>
        <translation type="vanished">Weitere</translation>
    </message>
</context>
<context>
    <name>retort::NavigationRail</name>
    <message>
        <source>Places</source>
        <translation type="vanished">Orte</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation type="vanished">%1 (%2)</translation>
    </message>
</context>
<context>
    <name>retort::ParameterForm</name>
    <message>
        <source>Run</source>
        <translation type="vanished">Lauf</translation>
    </message>
</context>
<context>
    <name>retort::PlotView</name>
    <message>
        <source>Chart</source>
        <translation type="vanished">Diagramm</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation type="vanished">Folgen</translation>
    </message>
    <message>
        <source>Show everything again and follow new values (0)</source>
        <translation type="vanished">Wieder alles zeigen und neuen Werten folgen (0)</translation>
    </message>
    <message>
        <source>Chart: %1</source>
        <translation type="vanished">Diagramm: %1</translation>
    </message>
    <message>
        <source>No value above 0 here</source>
        <translation type="vanished">Hier ist kein Wert über 0</translation>
    </message>
    <message>
        <source>No values yet</source>
        <translation type="vanished">Noch keine Werte</translation>
    </message>
    <message>
        <source>%1: last %2, between %3 and %4</source>
        <translation type="vanished">%1: zuletzt %2, zwischen %3 und %4</translation>
    </message>
</context>
<context>
    <name>retort::RunDetails</name>
    <message>
        <source>Overview</source>
        <translation type="vanished">Überblick</translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation type="vanished">Konfiguration</translation>
    </message>
    <message>
        <source>Step</source>
        <translation type="vanished">Schritt</translation>
    </message>
    <message>
        <source>Set</source>
        <translation type="vanished">Aufgabensatz</translation>
    </message>
    <message>
        <source>Evaluations</source>
        <translation type="vanished">Auswertungen</translation>
    </message>
    <message>
        <source>Checkpoints</source>
        <translation type="vanished">Kontrollpunkte</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation type="vanished">Schwere</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation type="vanished">Was geschah</translation>
    </message>
    <message>
        <source>Alarms</source>
        <translation type="vanished">Alarme</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation type="vanished">Meldungen</translation>
    </message>
    <message>
        <source>Error</source>
        <translation type="vanished">Fehler</translation>
    </message>
    <message>
        <source>Tags, separated by commas</source>
        <translation type="vanished">Schlagworte, durch Kommas getrennt</translation>
    </message>
    <message>
        <source>What was this run for? What did it show?</source>
        <translation type="vanished">Wozu diente dieser Lauf? Was hat er gezeigt?</translation>
    </message>
    <message>
        <source>&amp;Tags</source>
        <translation type="vanished">&amp;Schlagworte</translation>
    </message>
    <message>
        <source>N&amp;otes</source>
        <translation type="vanished">N&amp;otizen</translation>
    </message>
    <message>
        <source>&amp;Copy YAML</source>
        <translation type="vanished">YAML &amp;kopieren</translation>
    </message>
    <message>
        <source>Written</source>
        <translation type="vanished">Geschrieben</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="vanished">Ordner</translation>
    </message>
    <message>
        <source>&amp;Design a run from it</source>
        <translation type="vanished">Lauf daraus &amp;entwerfen</translation>
    </message>
    <message>
        <source>Select a run to see its details.</source>
        <translation type="vanished">Wähle einen Lauf, um seine Einzelheiten zu sehen.</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation type="vanished">noch %1</translation>
    </message>
    <message>
        <source>State</source>
        <translation type="vanished">Zustand</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation type="vanished">Rezept</translation>
    </message>
    <message>
        <source>Study</source>
        <translation type="vanished">Studie</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation type="vanished">%1 von %2</translation>
    </message>
    <message>
        <source>Created</source>
        <translation type="vanished">Angelegt</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation type="vanished">Dauer</translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation type="vanished">Versuche</translation>
    </message>
    <message>
        <source>Where</source>
        <translation type="vanished">Wo</translation>
    </message>
    <message>
        <source>Id</source>
        <translation type="vanished">Kennung</translation>
    </message>
    <message>
        <source>removed</source>
        <translation type="vanished">entfernt</translation>
    </message>
</context>
<context>
    <name>retort::RunOutcome</name>
    <message>
        <source>%1 (%2)</source>
        <translation type="vanished">%1 (%2)</translation>
    </message>
    <message>
        <source>The trainer ended unexpectedly: %1</source>
        <translation type="vanished">Der Trainer endete unerwartet: %1</translation>
    </message>
    <message>
        <source>The trainer ended unexpectedly, without saying why</source>
        <translation type="vanished">Der Trainer endete unerwartet, ohne zu sagen warum</translation>
    </message>
</context>
<context>
    <name>retort::RunStrip</name>
    <message>
        <source>measuring this machine</source>
        <translation type="vanished">misst diesen Rechner</translation>
    </message>
    <message>
        <source>training</source>
        <translation type="vanished">trainiert</translation>
    </message>
    <message>
        <source>generating</source>
        <translation type="vanished">erzeugt</translation>
    </message>
    <message>
        <source>evaluating</source>
        <translation type="vanished">wertet aus</translation>
    </message>
    <message>
        <source>saving a checkpoint</source>
        <translation type="vanished">sichert einen Kontrollpunkt</translation>
    </message>
    <message>
        <source>paused</source>
        <translation type="vanished">pausiert</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation type="vanished">hält an</translation>
    </message>
    <message>
        <source>Progress of %1</source>
        <translation type="vanished">Fortschritt von %1</translation>
    </message>
    <message>
        <source>step %1 of %2</source>
        <translation type="vanished">Schritt %1 von %2</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation type="vanished">Schritt %1</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation type="vanished">noch %1</translation>
    </message>
    <message>
        <source>attempt %1</source>
        <translation type="vanished">Versuch %1</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation type="vanished">Kontrollpunkt</translation>
    </message>
    <message>
        <source>Save a checkpoint after this step</source>
        <translation type="vanished">Nach diesem Schritt einen Kontrollpunkt sichern</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="vanished">Pause</translation>
    </message>
    <message>
        <source>Wait after this step; the process stays</source>
        <translation type="vanished">Nach diesem Schritt warten; der Prozess bleibt</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation type="vanished">Weiter</translation>
    </message>
    <message>
        <source>Go on where it waits</source>
        <translation type="vanished">Weitermachen, wo er wartet</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="vanished">Anhalten</translation>
    </message>
    <message>
        <source>End after this step, with a checkpoint</source>
        <translation type="vanished">Nach diesem Schritt mit einem Kontrollpunkt enden</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation type="vanished">Fortsetzen</translation>
    </message>
    <message>
        <source>Continue from the last complete checkpoint</source>
        <translation type="vanished">Vom letzten vollständigen Kontrollpunkt an weitermachen</translation>
    </message>
    <message>
        <source>Selected runs</source>
        <translation type="vanished">Gewählte Läufe</translation>
    </message>
</context>
<context>
    <name>retort::RunTableModel</name>
    <message>
        <source>%1 left</source>
        <translation type="vanished">noch %1</translation>
    </message>
    <message numerus="yes">
        <source>%n alarm(s)</source>
        <translation type="vanished">
            <numerusform>%n Alarm</numerusform>
            <numerusform>%n Alarme</numerusform>
        </translation>
    </message>
    <message>
        <source>Last value of %1</source>
        <translation type="vanished">Letzter Wert von %1</translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="vanished">Name</translation>
    </message>
    <message>
        <source>State</source>
        <translation type="vanished">Zustand</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation type="vanished">Rezept</translation>
    </message>
    <message>
        <source>Step</source>
        <translation type="vanished">Schritt</translation>
    </message>
    <message>
        <source>Reward, or loss, over the steps</source>
        <translation type="vanished">Belohnung oder Verlust über die Schritte</translation>
    </message>
    <message>
        <source>Trend</source>
        <translation type="vanished">Verlauf</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation type="vanished">Schlagworte</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation type="vanished">Notizen</translation>
    </message>
    <message>
        <source>Created</source>
        <translation type="vanished">Angelegt</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation type="vanished">Dauer</translation>
    </message>
    <message>
        <source>Backend</source>
        <translation type="vanished">Ausführung</translation>
    </message>
    <message>
        <source>Id</source>
        <translation type="vanished">Kennung</translation>
    </message>
</context>
<context>
    <name>retort::RunsPage</name>
    <message>
        <source>Runs</source>
        <translation type="vanished">Läufe</translation>
    </message>
    <message>
        <source>Search name, tag, recipe, notes, state   (tag:x  state:failed  -word)</source>
        <translation type="vanished">Name, Schlagwort, Rezept, Notizen, Zustand suchen   (tag:x  state:failed  -wort)</translation>
    </message>
    <message>
        <source>Search runs</source>
        <translation type="vanished">Läufe suchen</translation>
    </message>
    <message>
        <source>Welcome to Retort</source>
        <translation type="vanished">Willkommen bei Retort</translation>
    </message>
    <message>
        <source>Nothing has been run yet. The quickstart teaches a small model to reason in a few minutes, on this computer: first by examples, then by reward. Everything that it does appears here.</source>
        <translation type="vanished">Noch nichts ist gelaufen. Der Schnellstart bringt einem kleinen Modell in wenigen Minuten auf diesem Rechner das Denken bei: erst an Beispielen, dann durch Belohnung. Alles, was es tut, erscheint hier.</translation>
    </message>
    <message>
        <source>Run the quickstart</source>
        <translation type="vanished">Schnellstart ausführen</translation>
    </message>
    <message>
        <source>Design a run</source>
        <translation type="vanished">Lauf entwerfen</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation type="vanished">&amp;Rückgängig</translation>
    </message>
    <message>
        <source>Hide this message</source>
        <translation type="vanished">Diese Meldung ausblenden</translation>
    </message>
    <message>
        <source>Open &amp;live</source>
        <translation type="vanished">&amp;Live öffnen</translation>
    </message>
    <message>
        <source>Open &amp;traces</source>
        <translation type="vanished">&amp;Spuren öffnen</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation type="vanished">&amp;Vergleichen</translation>
    </message>
    <message>
        <source>&amp;Duplicate and edit</source>
        <translation type="vanished">&amp;Duplizieren und bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation type="vanished">&amp;Anhalten</translation>
    </message>
    <message>
        <source>&amp;Pause or resume</source>
        <translation type="vanished">&amp;Pause oder weiter</translation>
    </message>
    <message>
        <source>Chec&amp;kpoint now</source>
        <translation type="vanished">Jetzt &amp;Kontrollpunkt</translation>
    </message>
    <message>
        <source>Kill</source>
        <translation type="vanished">Abbrechen</translation>
    </message>
    <message>
        <source>Ends the trainer at once; the run can be resumed from its last checkpoint</source>
        <translation type="vanished">Beendet den Trainer sofort; der Lauf kann vom letzten Kontrollpunkt fortgesetzt werden</translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation type="vanished">&amp;Umbenennen</translation>
    </message>
    <message>
        <source>Edit ta&amp;gs</source>
        <translation type="vanished">Schla&amp;gworte bearbeiten</translation>
    </message>
    <message>
        <source>Edit &amp;notes</source>
        <translation type="vanished">&amp;Notizen bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Archive</source>
        <translation type="vanished">&amp;Archivieren</translation>
    </message>
    <message>
        <source>Cop&amp;y as table</source>
        <translation type="vanished">Als &amp;Tabelle kopieren</translation>
    </message>
    <message>
        <source>&amp;Export CSV…</source>
        <translation type="vanished">CSV &amp;exportieren …</translation>
    </message>
    <message>
        <source>Open &amp;folder</source>
        <translation type="vanished">&amp;Ordner öffnen</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation type="vanished">&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Find runs</source>
        <translation type="vanished">Läufe &amp;finden</translation>
    </message>
    <message>
        <source>Show a&amp;rchived</source>
        <translation type="vanished">A&amp;rchivierte zeigen</translation>
    </message>
    <message>
        <source>C&amp;olumns…</source>
        <translation type="vanished">S&amp;palten …</translation>
    </message>
    <message>
        <source>&amp;New run</source>
        <translation type="vanished">&amp;Neuer Lauf</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s)</source>
        <translation type="vanished">
            <numerusform>%n Lauf</numerusform>
            <numerusform>%n Läufe</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n run(s)</source>
        <translation type="vanished">
            <numerusform>%1 von %n Lauf</numerusform>
            <numerusform>%1 von %n Läufen</numerusform>
        </translation>
    </message>
    <message>
        <source>Metrics</source>
        <translation type="vanished">Messwerte</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation type="vanished">&amp;Pause</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation type="vanished">&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>Take out of the &amp;archive</source>
        <translation type="vanished">Aus dem &amp;Archiv holen</translation>
    </message>
    <message>
        <source>Renamed to %1</source>
        <translation type="vanished">Umbenannt in %1</translation>
    </message>
    <message>
        <source>Changed the tags of %1</source>
        <translation type="vanished">Schlagworte von %1 geändert</translation>
    </message>
    <message>
        <source>Changed the notes of %1</source>
        <translation type="vanished">Notizen von %1 geändert</translation>
    </message>
    <message numerus="yes">
        <source>Took %n run(s) out of the archive</source>
        <translation type="vanished">
            <numerusform>%n Lauf aus dem Archiv geholt</numerusform>
            <numerusform>%n Läufe aus dem Archiv geholt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Archived %n run(s)</source>
        <translation type="vanished">
            <numerusform>%n Lauf archiviert</numerusform>
            <numerusform>%n Läufe archiviert</numerusform>
        </translation>
    </message>
    <message>
        <source>Export the table</source>
        <translation type="vanished">Tabelle exportieren</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation type="vanished">CSV-Dateien (*.csv)</translation>
    </message>
    <message>
        <source>Could not write the table: %1</source>
        <translation type="vanished">Die Tabelle konnte nicht geschrieben werden: %1</translation>
    </message>
</context>
<context>
    <name>retort::SchedulePreview</name>
    <message>
        <source>step %1</source>
        <translation type="vanished">Schritt %1</translation>
    </message>
</context>
<context>
    <name>retort::ShortcutSheet</name>
    <message>
        <source>In a chart</source>
        <translation type="vanished">In einem Diagramm</translation>
    </message>
    <message>
        <source>Move the view</source>
        <translation type="vanished">Ausschnitt verschieben</translation>
    </message>
    <message>
        <source>Left, Right</source>
        <translation type="vanished">Links, Rechts</translation>
    </message>
    <message>
        <source>Zoom in and out</source>
        <translation type="vanished">Vergrößern und verkleinern</translation>
    </message>
    <message>
        <source>+, −, mouse wheel</source>
        <translation type="vanished">+, −, Mausrad</translation>
    </message>
    <message>
        <source>Zoom to a range</source>
        <translation type="vanished">Auf einen Bereich vergrößern</translation>
    </message>
    <message>
        <source>Drag</source>
        <translation type="vanished">Ziehen</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation type="vanished">Verschieben</translation>
    </message>
    <message>
        <source>Shift+Drag or middle button</source>
        <translation type="vanished">Umschalt+Ziehen oder mittlere Taste</translation>
    </message>
    <message>
        <source>Show everything and follow</source>
        <translation type="vanished">Alles zeigen und folgen</translation>
    </message>
    <message>
        <source>0 or double click</source>
        <translation type="vanished">0 oder Doppelklick</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation type="vanished">Tastenkürzel</translation>
    </message>
    <message>
        <source>Command</source>
        <translation type="vanished">Befehl</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="vanished">Tasten</translation>
    </message>
</context>
<context>
    <name>retort::State</name>
    <message>
        <source>created</source>
        <translation type="vanished">angelegt</translation>
    </message>
    <message>
        <source>running</source>
        <translation type="vanished">läuft</translation>
    </message>
    <message>
        <source>paused</source>
        <translation type="vanished">pausiert</translation>
    </message>
    <message>
        <source>finished</source>
        <translation type="vanished">fertig</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation type="vanished">angehalten</translation>
    </message>
    <message>
        <source>failed</source>
        <translation type="vanished">gescheitert</translation>
    </message>
    <message>
        <source>lost</source>
        <translation type="vanished">verloren</translation>
    </message>
</context>
<context>
    <name>retort::StudyRunner</name>
    <message>
        <source>It was stopped before its end.</source>
        <translation type="vanished">Sie wurde vor ihrem Ende angehalten.</translation>
    </message>
    <message>
        <source>The study “%1” ends at its stage “%2”: %3</source>
        <translation type="vanished">Die Studie „%1“ endet bei ihrer Stufe „%2“: %3</translation>
    </message>
</context>
<context>
    <name>retort::TokenStrip</name>
    <message>
        <source>Tokens</source>
        <translation type="vanished">Token</translation>
    </message>
    <message>
        <source>Token %1: %2</source>
        <translation type="vanished">Token %1: %2</translation>
    </message>
    <message>
        <source>log-probability %1 (p = %2)</source>
        <translation type="vanished">Log-Wahrscheinlichkeit %1 (p = %2)</translation>
    </message>
    <message>
        <source>entropy %1 nats</source>
        <translation type="vanished">Entropie %1 nats</translation>
    </message>
    <message>
        <source>reference log-probability %1</source>
        <translation type="vanished">Log-Wahrscheinlichkeit der Referenz %1</translation>
    </message>
    <message>
        <source>No per-token numbers were recorded for this trace.</source>
        <translation type="vanished">Für diese Spur wurden keine Werte je Token aufgezeichnet.</translation>
    </message>
</context>
<context>
    <name>retort::TraceFilterBar</name>
    <message>
        <source>Search prompts and completions</source>
        <translation type="vanished">Aufgaben und Antworten durchsuchen</translation>
    </message>
    <message>
        <source>Run</source>
        <translation type="vanished">Lauf</translation>
    </message>
    <message>
        <source>Selected run</source>
        <translation type="vanished">Gewählter Lauf</translation>
    </message>
    <message>
        <source>All runs</source>
        <translation type="vanished">Alle Läufe</translation>
    </message>
    <message>
        <source>Order</source>
        <translation type="vanished">Reihenfolge</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation type="vanished">Neueste zuerst</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation type="vanished">Älteste zuerst</translation>
    </message>
    <message>
        <source>Highest reward</source>
        <translation type="vanished">Höchste Belohnung</translation>
    </message>
    <message>
        <source>Lowest reward</source>
        <translation type="vanished">Niedrigste Belohnung</translation>
    </message>
    <message>
        <source>Longest first</source>
        <translation type="vanished">Längste zuerst</translation>
    </message>
    <message>
        <source>Shortest first</source>
        <translation type="vanished">Kürzeste zuerst</translation>
    </message>
    <message>
        <source>Phase</source>
        <translation type="vanished">Phase</translation>
    </message>
    <message>
        <source>Any phase</source>
        <translation type="vanished">Jede Phase</translation>
    </message>
    <message>
        <source>Training</source>
        <translation type="vanished">Training</translation>
    </message>
    <message>
        <source>Evaluation</source>
        <translation type="vanished">Auswertung</translation>
    </message>
    <message>
        <source>Task</source>
        <translation type="vanished">Aufgabe</translation>
    </message>
    <message>
        <source>Any task</source>
        <translation type="vanished">Jede Aufgabe</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation type="vanished">Antwort</translation>
    </message>
    <message>
        <source>Right or wrong</source>
        <translation type="vanished">Richtig oder falsch</translation>
    </message>
    <message>
        <source>✓ Right</source>
        <translation type="vanished">✓ Richtig</translation>
    </message>
    <message>
        <source>✗ Wrong</source>
        <translation type="vanished">✗ Falsch</translation>
    </message>
    <message>
        <source>Working</source>
        <translation type="vanished">Ausarbeitung</translation>
    </message>
    <message>
        <source>Worked or bare</source>
        <translation type="vanished">Mit oder ohne Ausarbeitung</translation>
    </message>
    <message>
        <source>Worked out</source>
        <translation type="vanished">Ausgearbeitet</translation>
    </message>
    <message>
        <source>Bare answer</source>
        <translation type="vanished">Bloße Antwort</translation>
    </message>
    <message>
        <source>From step</source>
        <translation type="vanished">Ab Schritt</translation>
    </message>
    <message>
        <source>from step</source>
        <translation type="vanished">ab Schritt</translation>
    </message>
    <message>
        <source>To step</source>
        <translation type="vanished">Bis Schritt</translation>
    </message>
    <message>
        <source>to step</source>
        <translation type="vanished">bis Schritt</translation>
    </message>
    <message>
        <source>reward from</source>
        <translation type="vanished">Belohnung ab</translation>
    </message>
    <message>
        <source>reward to</source>
        <translation type="vanished">Belohnung bis</translation>
    </message>
</context>
<context>
    <name>retort::TraceGroupModel</name>
    <message>
        <source>reward %1</source>
        <translation type="vanished">Belohnung %1</translation>
    </message>
    <message>
        <source>advantage %1</source>
        <translation type="vanished">Vorteil %1</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation type="vanished">
            <numerusform>%n Token</numerusform>
            <numerusform>%n Token</numerusform>
        </translation>
    </message>
    <message>
        <source>, cut off</source>
        <translation type="vanished">, abgeschnitten</translation>
    </message>
    <message>
        <source>Sample %1, %2, %3</source>
        <translation type="vanished">Stichprobe %1, %2, %3</translation>
    </message>
    <message>
        <source>correct</source>
        <translation type="vanished">richtig</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation type="vanished">falsch</translation>
    </message>
</context>
<context>
    <name>retort::TraceListModel</name>
    <message>
        <source>%1, %2, %3</source>
        <translation type="vanished">%1, %2, %3</translation>
    </message>
    <message>
        <source>correct</source>
        <translation type="vanished">richtig</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation type="vanished">falsch</translation>
    </message>
</context>
<context>
    <name>retort::TraceStepModel</name>
    <message>
        <source>answer</source>
        <translation type="vanished">Antwort</translation>
    </message>
    <message>
        <source>think</source>
        <translation type="vanished">Denken</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation type="vanished">Antwort</translation>
    </message>
    <message>
        <source>Thinking</source>
        <translation type="vanished">Denken</translation>
    </message>
    <message>
        <source>right</source>
        <translation type="vanished">richtig</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation type="vanished">falsch</translation>
    </message>
    <message>
        <source>not checked</source>
        <translation type="vanished">nicht geprüft</translation>
    </message>
    <message>
        <source>Step %1, %2: %3</source>
        <translation type="vanished">Schritt %1, %2: %3</translation>
    </message>
</context>
<context>
    <name>retort::TraceView</name>
    <message>
        <source>step %1</source>
        <translation type="vanished">Schritt %1</translation>
    </message>
    <message>
        <source>evaluation</source>
        <translation type="vanished">Auswertung</translation>
    </message>
    <message>
        <source>sample %1</source>
        <translation type="vanished">Stichprobe %1</translation>
    </message>
    <message>
        <source>reward %1</source>
        <translation type="vanished">Belohnung %1</translation>
    </message>
    <message>
        <source>advantage %1</source>
        <translation type="vanished">Vorteil %1</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation type="vanished">
            <numerusform>%n Token</numerusform>
            <numerusform>%n Token</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 % of the steps right</source>
        <translation type="vanished">%1 % der Schritte richtig</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation type="vanished">Schritte</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation type="vanished">Aufgabe</translation>
    </message>
    <message>
        <source>Reference answer</source>
        <translation type="vanished">Referenzantwort</translation>
    </message>
    <message>
        <source>reference</source>
        <translation type="vanished">Referenz</translation>
    </message>
    <message>
        <source>Find in this trace (Enter: next, Esc: close)</source>
        <translation type="vanished">In dieser Spur suchen (Eingabe: weiter, Esc: schließen)</translation>
    </message>
    <message>
        <source>Find in this trace</source>
        <translation type="vanished">In dieser Spur suchen</translation>
    </message>
    <message>
        <source>Switch between log-probability and entropy  (T)</source>
        <translation type="vanished">Zwischen Log-Wahrscheinlichkeit und Entropie wechseln  (T)</translation>
    </message>
    <message>
        <source>none found</source>
        <translation type="vanished">keine gefunden</translation>
    </message>
    <message>
        <source>✓ Right: the answer %1 is the reference.</source>
        <translation type="vanished">✓ Richtig: Die Antwort %1 ist die Referenz.</translation>
    </message>
    <message>
        <source>✗ Wrong: answer %1, reference %2.</source>
        <translation type="vanished">✗ Falsch: Antwort %1, Referenz %2.</translation>
    </message>
    <message>
        <source>First wrong step: %1.</source>
        <translation type="vanished">Erster falscher Schritt: %1.</translation>
    </message>
    <message>
        <source>Cut off at the length limit.</source>
        <translation type="vanished">An der Längengrenze abgeschnitten.</translation>
    </message>
    <message>
        <source>Tokens by −log p</source>
        <translation type="vanished">Token nach −log p</translation>
    </message>
    <message>
        <source>Tokens by entropy</source>
        <translation type="vanished">Token nach Entropie</translation>
    </message>
    <message>
        <source>darkest: %1 nats or more</source>
        <translation type="vanished">am dunkelsten: %1 nats oder mehr</translation>
    </message>
    <message>
        <source>not found</source>
        <translation type="vanished">nicht gefunden</translation>
    </message>
</context>
<context>
    <name>retort::TracesPage</name>
    <message>
        <source>No traces yet</source>
        <translation type="vanished">Noch keine Spuren</translation>
    </message>
    <message>
        <source>A trace is one answer that the model wrote, with every step of its reasoning checked. Runs keep some of them as they train and evaluate; they appear here by themselves.</source>
        <translation type="vanished">Eine Spur ist eine Antwort des Modells, an der jeder Denkschritt geprüft ist. Läufe behalten beim Training und bei der Auswertung einige davon; sie erscheinen hier von selbst.</translation>
    </message>
    <message>
        <source>Run the quickstart</source>
        <translation type="vanished">Schnellstart ausführen</translation>
    </message>
    <message>
        <source>Choose a run</source>
        <translation type="vanished">Lauf wählen</translation>
    </message>
    <message>
        <source>Show new traces</source>
        <translation type="vanished">Neue Spuren zeigen</translation>
    </message>
    <message>
        <source>Traces</source>
        <translation type="vanished">Spuren</translation>
    </message>
    <message>
        <source>No trace matches these filters.</source>
        <translation type="vanished">Keine Spur passt zu diesen Filtern.</translation>
    </message>
    <message>
        <source>Clear the filters</source>
        <translation type="vanished">Filter zurücksetzen</translation>
    </message>
    <message>
        <source>The same problem at other training steps</source>
        <translation type="vanished">Dieselbe Aufgabe bei anderen Trainingsschritten</translation>
    </message>
    <message>
        <source>Samples of the group</source>
        <translation type="vanished">Stichproben der Gruppe</translation>
    </message>
    <message>
        <source>Next step</source>
        <translation type="vanished">Nächster Schritt</translation>
    </message>
    <message>
        <source>Previous step</source>
        <translation type="vanished">Voriger Schritt</translation>
    </message>
    <message>
        <source>Next sample of the group</source>
        <translation type="vanished">Nächste Stichprobe der Gruppe</translation>
    </message>
    <message>
        <source>Previous sample of the group</source>
        <translation type="vanished">Vorige Stichprobe der Gruppe</translation>
    </message>
    <message>
        <source>First wrong step</source>
        <translation type="vanished">Erster falscher Schritt</translation>
    </message>
    <message>
        <source>Find in the trace</source>
        <translation type="vanished">In der Spur suchen</translation>
    </message>
    <message>
        <source>Log-probability or entropy</source>
        <translation type="vanished">Log-Wahrscheinlichkeit oder Entropie</translation>
    </message>
    <message>
        <source>Same problem, earlier step</source>
        <translation type="vanished">Dieselbe Aufgabe, früherer Schritt</translation>
    </message>
    <message>
        <source>Same problem, later step</source>
        <translation type="vanished">Dieselbe Aufgabe, späterer Schritt</translation>
    </message>
    <message>
        <source>Search all traces</source>
        <translation type="vanished">Alle Spuren durchsuchen</translation>
    </message>
    <message>
        <source>Copy trace as text</source>
        <translation type="vanished">Spur als Text kopieren</translation>
    </message>
    <message>
        <source>Copy trace as JSON</source>
        <translation type="vanished">Spur als JSON kopieren</translation>
    </message>
    <message>
        <source>Export the list…</source>
        <translation type="vanished">Liste exportieren …</translation>
    </message>
    <message>
        <source>Follow new traces</source>
        <translation type="vanished">Neuen Spuren folgen</translation>
    </message>
    <message numerus="yes">
        <source>%n trace(s)</source>
        <translation type="vanished">
            <numerusform>%n Spur</numerusform>
            <numerusform>%n Spuren</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Group of %n sample(s)</source>
        <translation type="vanished">
            <numerusform>Gruppe von %n Stichprobe</numerusform>
            <numerusform>Gruppe von %n Stichproben</numerusform>
        </translation>
    </message>
    <message>
        <source>All rewards are equal: nothing to learn from.</source>
        <translation type="vanished">Alle Belohnungen sind gleich: Daraus ist nichts zu lernen.</translation>
    </message>
    <message>
        <source>Same problem: step %1 (%2 of %3)</source>
        <translation type="vanished">Dieselbe Aufgabe: Schritt %1 (%2 von %3)</translation>
    </message>
    <message>
        <source>reward %1</source>
        <translation type="vanished">Belohnung %1</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation type="vanished">
            <numerusform>%n Token</numerusform>
            <numerusform>%n Token</numerusform>
        </translation>
    </message>
    <message>
        <source>JSON lines (*.jsonl)</source>
        <translation type="vanished">JSON-Zeilen (*.jsonl)</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation type="vanished">CSV-Dateien (*.csv)</translation>
    </message>
    <message>
        <source>Export the traces of the list</source>
        <translation type="vanished">Spuren der Liste exportieren</translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation type="vanished">Wird exportiert …</translation>
    </message>
    <message numerus="yes">
        <source>%n trace(s) written to %1</source>
        <translation type="vanished">
            <numerusform>%n Spur nach %1 geschrieben</numerusform>
            <numerusform>%n Spuren nach %1 geschrieben</numerusform>
        </translation>
    </message>
</context>
</TS>
