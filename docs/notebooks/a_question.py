# %% [markdown]
# Questions from Python: how likely is it that nine in ten are out by then, what holds
# them, and how many buses it takes? As the command `ask`, with numbers to go on with.

# %%
from sim import ask, load, report_on

case = load("two-towns")
goal = "90 % of northtown arrived by 2016-12-16T10:30"

# %%
answer = ask("probability", case, goal, replications=50)
likely = answer.result.likelihood
print(f"{likely.met} of {likely.runs} runs: {likely.low:.0%} to {likely.high:.0%}")

# %% [markdown]
# The same with what is not known drawn as well. The share is another question then: not
# how lucky we are in one world, but in the worlds that there may be.

# %%
unsure = ask("probability", case, goal, replications=50, knowledge=True)
print(f"{likely.share:.0%} by chance, {unsure.result.likelihood.share:.0%} with both")

# %%
holds = report_on(ask("what-holds", case, replications=10))
for kind, name, person_hours, *_ in list(holds.data["obstacles"].rows)[:3]:
    print(f"{kind} {name}: {person_hours:,.0f} person-hours")

# %%
by_night = goal.replace("10:30", "20:00")
choice = "fleets.buses.vehicles=4 to 10 by 2"
least = ask("least", case, choice, [by_night], replications=200)
print(f"{least.result.value} buses")
report_on(least)  # in a notebook: the page
