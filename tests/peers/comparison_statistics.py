#!/usr/bin/env python3
"""Golden values for core/analysis from scipy and statsmodels:

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install scipy statsmodels
    /tmp/venv/bin/python tests/peers/comparison_statistics.py > tests/core/analysis/golden/comparison_statistics.json
"""
import json
import sys

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint


def mcnemar_rows():
    rows = []
    for b, c in [(0, 0), (1, 0), (0, 6), (2, 12), (9, 25), (5, 5), (40, 61), (300, 345), (4000, 4200), (1, 5000)]:
        table = [[10, b], [c, 10]]
        exact = mcnemar(table, exact=True).pvalue if b + c else 1.0
        chi = mcnemar(table, exact=False, correction=True) if b + c and abs(b - c) >= 1 else None
        rows.append({"b": b, "c": c, "exact": float(exact),
                     "chi_square": float(chi.statistic) if chi else None, "chi_p": float(chi.pvalue) if chi else None})
    return rows


def student_rows():
    return [{"t": t, "df": df, "p": float(2 * stats.t.sf(t, df)), "q95": float(stats.t.ppf(0.975, df))}
            for t in (0.0, 0.1, 1.0, 2.5, 8.0, 40.0) for df in (1, 2, 7, 29, 499, 9999)]


def paired_rows():
    random = np.random.default_rng(7)
    rows = []
    for n, k in [(5, 4), (30, 8), (200, 16)]:
        a = random.binomial(k, random.uniform(0.2, 0.9, n)) / k
        b = np.clip(a + random.choice([-2, -1, 0, 0, 0, 1, 1], n) / k, 0, 1)
        test = stats.ttest_rel(b, a)
        interval = test.confidence_interval(0.95)
        rows.append({"a": a.tolist(), "b": b.tolist(), "p": float(test.pvalue), "mean": float(np.mean(b - a)),
                     "sem": float(stats.sem(b - a)), "low": float(interval.low), "high": float(interval.high)})
    return rows


def correction_rows():
    rows = []
    for p in ([0.01, 0.04, 0.03], [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216], [0.5],
              [0.02, 0.02, 0.02, 1.0]):
        rows.append({"p": p, "holm": multipletests(p, method="holm")[1].tolist(),
                     "bh": multipletests(p, method="fdr_bh")[1].tolist()})
    return rows


def wilson_rows():
    rows = []
    for count, n in [(7, 30), (30, 30), (412, 500), (0, 12)]:
        low, high = proportion_confint(count, n, method="wilson")
        rows.append({"count": count, "n": n, "low": float(low), "high": float(high)})
    return rows


json.dump({"scipy": scipy.__version__, "statsmodels": statsmodels.__version__, "mcnemar": mcnemar_rows(),
           "student": student_rows(), "paired": paired_rows(), "correction": correction_rows(),
           "wilson": wilson_rows()}, sys.stdout, indent=1)
print()
