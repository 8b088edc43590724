# %% [markdown]
# A first study: load, run, a metric of one's own, a frame, a picture, a comparison.

# %%
from sim import METRICS, Metric, compare, load, report_on, run_study


# %%
def on_the_19th(account):
    """People of each site who arrived on 19 December, the seventh day."""
    day = 5 * 86_400 + 6 * 3600  # the run begins at 18:00 of the 13th
    return {
        site: account.arrivals[site].at(day + 86_400) - account.arrivals[site].at(day)
        for site in account.origins
    }


words = "People who arrived on 19 December."
METRICS.register(
    "on_the_19th", Metric("on_the_19th", "people", words, "origin", on_the_19th)
)

# %%
case = load("aleppo-2016")
study = run_study(case, replications=10)
study.metric("on_the_19th/east-aleppo").mean()

# %%
report = report_on(study)
report.save("results/first-study")  # tables, workbook, pictures, page
report  # in a notebook: the page

# %%
report.data["runs"].to_pandas().describe()

# %%
print(report_on(compare(case, "aleppo-2016/twice-the-buses", replications=10)))
