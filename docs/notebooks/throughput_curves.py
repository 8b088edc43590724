# %% [markdown]
# Throughput curves: people who have arrived by each hour, and their band over runs.

# %%
import matplotlib.pyplot as plt
import numpy as np

from sim import load, simulate

case = load("two-towns")
logs = [simulate(case, replication=number) for number in range(20)]

# %% [markdown]
# A log of events is all that a run leaves. Of it only arrivals count here.


# %%
def arrived(log, flow, hours):
    """People of a flow who have arrived by each of some hours after the start."""
    came = [
        (event.time_s / 3600, event.people)
        for event in log.events
        if event.kind == "arrived" and event.flow == flow
    ]
    times, people = np.array(came).reshape(-1, 2).T
    return np.concatenate([[0], people.cumsum()])[
        np.searchsorted(times, hours, "right")
    ]


hours = np.arange(0, 73)
curves = {
    flow: np.array([arrived(log, flow, hours) for log in logs])
    for flow in case.operation.flows
}

# %%
figure, axes = plt.subplots(figsize=(8, 4))
for flow, runs in curves.items():
    low, middle, high = np.quantile(runs, (0.05, 0.5, 0.95), axis=0)
    (line,) = axes.plot(hours, middle, label=flow)
    axes.fill_between(hours, low, high, alpha=0.2, color=line.get_color())
axes.set_xlabel(f"hours after {case.operation.starts}")
axes.set_ylabel("people arrived: median, 5 % to 95 % of the runs")
axes.legend(title="flow")
axes.set_title("Simulated, not a record; chance only")
figure.savefig("throughput.svg")

# %%
for flow, runs in curves.items():
    half = (runs >= runs[:, -1:] / 2).argmax(axis=1)
    print(f"{flow}: half arrived within {np.median(half):.0f} h in half of the runs")
