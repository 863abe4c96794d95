"""The prompt lab as a notebook: choose days, edit a prompt in place, run, read, compare, promote.

    marimo run notebooks/prompt_lab.py       open it in a browser (`pip install 'quantshark[notebook]'`)
    marimo edit notebooks/prompt_lab.py      the same with its code; marimo runs nothing before ▶ is pressed
    python notebooks/prompt_lab.py           run it as a script: the recorded replies, no model

What it does is done by `quantshark.lab.workbench`; here are only the controls and the pages.
"""

import marimo

app = marimo.App(width="medium", app_title="提示词实验室")


@app.cell
def _():
    import marimo as mo

    mo.md(
        """
        # 提示词实验室

        同一天的资料，两份提示词，谁写得更准？用发布时的核对器逐个数字比较；分不出胜负就说**没有看出差别**。
        这里的任何结果都不会被发布。
        """
    )
    return (mo,)


@app.cell
def _(mo):
    # 核对器和资料库要一两秒才读进来：页头不等它
    from quantshark.lab import pages
    from quantshark.lab.workbench import REPLAY, Workbench

    bench = Workbench.open()
    as_script = mo.app_meta().mode == "script"
    return REPLAY, as_script, bench, pages


@app.cell
def _(bench, mo):
    mo.md(
        f"""
        冻结日 {len(bench.days)} 天：{"、".join(f"{day.day}" for day in bench.days)}{"（演示数据）" if bench.days[0].demo else ""}。
        """
    )


@app.cell
def _(bench, mo):
    # 模型：没有配置时只能重放记录下来的回答
    model = mo.ui.dropdown(
        {("重放记录的回答（不花钱）" if name == "replay" else name): name for name in bench.models},
        value=next("重放记录的回答（不花钱）" if name == "replay" else name for name in bench.models),
        label="谁来写",
    )
    edition = mo.ui.dropdown(list(bench.days[0].editions), value=bench.days[0].editions[0], label="报告")
    mo.hstack([model, edition], justify="start", gap=2)
    return edition, model


@app.cell
def _(bench, edition, mo, model):
    spec = bench.edition(edition.value)
    known = bench.dates(edition.value, model.value)
    dates = mo.ui.multiselect(known, value=known, label="哪几天")
    sections = mo.ui.multiselect(
        {section.slug: section.slug for section in spec.sections}, value=[spec.sections[0].slug], label="哪些栏目"
    )
    samples = mo.ui.number(1, 5, value=1, label="每题问几次")
    cap = mo.ui.number(0, 10_000_000, value=200_000, step=10_000, label="词元上限（0 为不限）")
    mo.vstack([mo.hstack([dates, sections], justify="start", gap=2), mo.hstack([samples, cap], justify="start", gap=2)])
    return cap, dates, samples, sections


@app.cell
def _(mo, sections):
    target = mo.ui.dropdown(list(sections.value), value=next(iter(sections.value), None), label="改哪个栏目的提示词")
    name = mo.ui.text("照初稿", label="给改法起个名字")
    mo.hstack([target, name], justify="start", gap=2)
    return name, target


@app.cell
def _(bench, edition, mo, target):
    mo.stop(target.value is None, mo.md("先选一个栏目。"))
    text = mo.ui.code_editor(
        bench.prompt(edition.value, target.value),
        language="markdown",
        label="在这里改；现有的提示词是比较的另一方",
        min_height=320,
        debounce=True,
    )
    go = mo.ui.run_button(label="试写并比较", kind="success")
    mo.vstack([text, go])
    return go, text


@app.cell
def _(REPLAY, as_script, bench, edition, mo, model, name, target, text):
    from quantshark.errors import QuantSharkError

    try:
        changed = text.value != bench.prompt(edition.value, target.value)
        variant = bench.variant(name.value, edition.value, target.value, text.value)
        note = "" if changed else "提示词还没有改动：这样比较的是同一份提示词。"
        if model.value == REPLAY:
            note = "重放的是记录下来的回答：在这里改提示词不会影响结果；要试自己的改法，请配置模型。"
    except QuantSharkError as error:
        variant, note = None, f"提示词有误：{error}"
    mo.md(note) if note and not as_script else None
    return QuantSharkError, variant


@app.cell
async def _(
    QuantSharkError,
    as_script,
    bench,
    cap,
    dates,
    edition,
    go,
    mo,
    model,
    samples,
    sections,
    variant,
):
    mo.stop(not (go.value or as_script), mo.md("*改好提示词，点“试写并比较”。*"))
    mo.stop(variant is None, mo.md("先把提示词改对。"))
    total = 2 * len(dates.value) * len(sections.value) * samples.value
    experiment, failed = None, ""
    with mo.status.progress_bar(total=max(total, 1), title="试写", remove_on_exit=True) as bar:
        shown = [0]

        def progress(done, _total, trial, spent):
            paid = spent.tokens_in + spent.tokens_out
            bar.update(done - shown[0], subtitle=f"{trial.name if trial else ''} 已付 {paid} 词元")
            shown[0] = done

        try:
            experiment = await bench.run(
                model.value,
                edition.value,
                sections.value,
                dates.value,
                [variant],
                progress,
                samples=samples.value,
                max_tokens=cap.value or None,
            )
        except QuantSharkError as error:
            failed = str(error)
    mo.stop(experiment is None, mo.md(f"没有做成：{failed}"))
    return (experiment,)


@app.cell
def _(bench, experiment, mo, pages):
    comparisons = bench.compare(experiment)
    comparison = comparisons[0] if experiment.trials else None
    stopped = (
        f"（停了下来：{experiment.stopped or next(iter(experiment.failed.values()), '')}）"
        if not experiment.finished
        else ""
    )
    mo.stop(comparison is None, mo.md(f"没有一次试写做成。{stopped}"))
    mo.vstack(
        [
            mo.md(f"## 结果\n\n{pages.summary(experiment.trials)}{stopped}"),
            mo.Html(pages.table(comparison)),
            mo.Html(pages.chart(comparison)),
        ]
    )
    return (comparison,)


@app.cell
def _(comparison, experiment, mo):
    by_cell = {}
    for trial in experiment.trials:
        by_cell.setdefault(trial.cell.name, {})[trial.contender] = trial
    both = [cell for cell, found in by_cell.items() if {comparison.first, comparison.second} <= set(found)]
    cell = mo.ui.dropdown(both, value=both[0] if both else None, label="看哪一篇")
    mo.vstack([mo.md("## 并排读"), cell])
    return by_cell, cell


@app.cell
def _(by_cell, cell, comparison, mo, pages):
    mo.stop(cell.value is None, mo.md("还没有两份都写成的。"))
    first, second = (by_cell[cell.value][who] for who in (comparison.first, comparison.second))
    mo.vstack(
        [
            mo.Html(pages.side_by_side(first, second)),
            mo.md(f"**{comparison.second}** 相对 **{comparison.first}** 的改动："),
            mo.Html(pages.changes(first.text, second.text)),
        ]
    )


@app.cell
def _(mo):
    cast, cast_again = mo.state(0)
    return cast, cast_again


@app.cell
def _(bench, cast, cast_again, comparison, experiment, mo, pages):
    cast()
    pair = bench.unread(experiment, comparison)
    tally = bench.tally(experiment, comparison)

    def choose(side):
        bench.vote(experiment, pair, side)
        cast_again(lambda count: count + 1)

    told = f"已投：{comparison.first} {tally.first}，{comparison.second} {tally.second}，一样 {tally.same}；" + (
        f"符号检验 p={tally.p:.3f}" + ("" if tally.shown else "，没有看出差别")
    )
    choices = mo.ui.array(
        [
            mo.ui.button(label=label, on_click=lambda _value, side=side: choose(side))
            for side, label in (("left", "甲更好"), ("right", "乙更好"), ("same", "一样"))
        ]
    )
    if pair is None:
        blind = mo.md(f"## 盲读\n\n没有要读的了。{told}")
    else:
        heading = f"## 盲读\n\n左右和顺序都打乱过，不告诉你是谁写的。{told}"
        drafts = mo.Html(pages.side_by_side(pair.left, pair.right, blind=True))
        blind = mo.vstack([mo.md(heading), drafts, mo.hstack(list(choices), justify="start")])
    blind
    return (choices,)


@app.cell
def _(mo):
    promote = mo.ui.run_button(label="让胜出的提示词上岗", kind="warn")
    mo.vstack([mo.md("## 上岗\n\n写进提示词文件，附上比较结果和一行改动记录，等你提交。分不出胜负就不写。"), promote])
    return (promote,)


@app.cell
def _(QuantSharkError, bench, comparison, experiment, mo, promote):
    mo.stop(not promote.value)
    try:
        done = bench.promote(experiment, comparison)
        outcome = f"{done.line}\n\n" + "\n".join(f"- `{file}`" for file in done.files)
    except QuantSharkError as error:
        outcome = f"没有换上。{comparison.why}\n\n{error}"
    mo.md(outcome)


@app.cell
def _(as_script, comparison, experiment):
    if as_script:
        print(f"{len(experiment.trials)}/{experiment.wanted} 次试写")
        for row in comparison.rows:
            print(
                f"{row.measure.hans}\t{row.measure.told(row.first)}\t{row.measure.told(row.second)}\t{row.told}\t{row.says}"
            )
        print(comparison.why)
        for warning in comparison.warnings:
            print(f"注意：{warning}")


if __name__ == "__main__":
    app.run()
