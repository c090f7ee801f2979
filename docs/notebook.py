# %% [markdown]
# # Schools' budgets and a sweep of candidates
#
# Runs from the folder of the project, which has the table of ten schools. Each cell starts at a line `# %%`.

# %%
from pathlib import Path

import polars as pl

import evenband as eb

TEN_SCHOOLS = Path("fixtures/tables/northumberland_2015_16_schools.csv")
if not TEN_SCHOOLS.exists():
    raise SystemExit(
        f"{TEN_SCHOOLS} is not here: start in the folder of the project, or write a table of your own with "
        "'evenband synth --pupils 2000 --out invented' and name invented/schools.csv in TEN_SCHOOLS."
    )

# %% [markdown]
# ## Ten schools

# %%
rules = eb.read_rules("northumberland-2015-16")
schools = eb.read_schools(TEN_SCHOOLS, rules)
budgets = eb.value(rules, schools=schools)
print(budgets)

# %%
print(eb.explain(budgets, 140132))

# %% [markdown]
# What share of its formula funding is each school's notional SEN budget?

# %%
shares = budgets.to_polars("schools").select(
    "school_name",
    "notional_sen",
    percent=(pl.col("notional_sen") * 100 / pl.col("formula_total")).cast(pl.Float64).round(1),
)
print(shares.sort("percent", descending=True))

# %% [markdown]
# ## Twenty thousand invented pupils
#
# What would it cost, and who would gain or lose, if the first part that a mainstream school meets were another?

# %%
national = eb.read_rules("national-profile-candidate")
pupils = eb.read_pupils(eb.synth(20_000, seed=1).pupils, national)
baseline = eb.value(national, pupils=pupils)
print(baseline)

# %%
candidates = []
for pounds in range(4_000, 8_001, 1_000):
    tried = national.override({"top_up_rule.threshold.pounds": pounds})
    change = eb.compare(baseline, eb.value(tried, pupils=pupils))
    candidates.append(
        {
            "threshold": pounds,
            "digest": tried.digest[:12],
            "change": change.change,
            "winners": change.winners,
            "losers": change.losers,
            "not_known": change.not_known,
        }
    )
print(pl.DataFrame(candidates))

# %% [markdown]
# The change by need, for one of them.

# %%
by_need = eb.compare(
    baseline,
    eb.value(national.override({"top_up_rule.threshold.pounds": 5_000}), pupils=pupils),
)
print(by_need.to_polars().filter(grouping="need").select("group", "number", "change", "winners"))
