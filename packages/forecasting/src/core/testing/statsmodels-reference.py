# Writes statsmodels-reference.json: what statsmodels says of two series, for statsmodels-reference.test.ts.
#
#   python3 packages/forecasting/src/core/testing/statsmodels-reference.py > packages/forecasting/src/core/testing/statsmodels-reference.json
#
# Airline passengers: Box & Jenkins (1976), "Time Series Analysis", series G, from r-reference.json beside this file; as logarithms,
# and with one month that is far too high. Jumps are those of the authors' program: a tenth of each width, rounded up.
import json
from math import ceil, log
from pathlib import Path

import numpy
import statsmodels
from statsmodels.tsa.seasonal import STL

passengers = json.loads(Path(__file__).with_name("r-reference.json").read_text())["passengers"]
logs = numpy.array([log(value) for value in passengers])
spoilt = logs.copy()
spoilt[70] += 1.5


def next_odd(value):
    whole = ceil(value)
    return whole + 1 if whole % 2 == 0 else whole


def parts(values, seasonal, inner, outer, **more):
    trend = next_odd(1.5 * 12 / (1 - 1.5 / seasonal))
    widths = dict(seasonal=seasonal, trend=trend, low_pass=13)
    jumps = {f"{name}_jump": ceil(width / 10) for name, width in widths.items()}
    fit = STL(values, period=12, **widths, **jumps, **more).fit(inner_iter=inner, outer_iter=outer)
    return {name: [round(float(x), 12) for x in getattr(fit, name)] for name in ("seasonal", "trend", "resid")}


print(
    json.dumps(
        {
            "version": statsmodels.__version__,
            "lines": parts(logs, 7, 2, 0),
            "wide": parts(logs, 13, 2, 0, seasonal_deg=0),
            # Fourteen rounds after the first: fifteen in all.
            "robust": parts(spoilt, 7, 1, 14, robust=True),
        }
    )
)
