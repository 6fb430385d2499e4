"""Bad inputs and what is said about each: a table, driven through the command line by test_bad_input.py."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tiny import SCENARIO, WORLDS


class Bad(NamedTuple):
    """What is typed, what the message must hold, and what was done to a folder of one's own, if one is used."""

    typed: str  # arguments, separated by blanks
    words: tuple[str, ...]
    spoil: Callable[[Path], object] | None = None
    label: str = ""

    def __str__(self) -> str:
        return f"{self.typed} {self.label}".strip()


def folder_of_ones_own(folder: Path, **changes: Any) -> Path:
    """A folder for --config-dir with the scenario `tiny_strike` and its world."""
    shutil.copytree(WORLDS / "tiny", folder / "worlds" / "tiny", dirs_exist_ok=True)
    (folder / "tiny_strike.yaml").write_text(yaml.safe_dump(SCENARIO | changes, sort_keys=False), encoding="utf-8")
    return folder


def line(typed: str, *words: str) -> Bad:
    """Something typed about the scenario that is run by default."""
    return Bad(typed, words)


def tiny(typed: str, *words: str, **changes: Any) -> Bad:
    """Something typed about the tiny scenario, or changed in its file."""
    return Bad(typed, words, lambda folder: folder_of_ones_own(folder, **changes), str(changes or ""))


def file(name: str, old: str, new: str, *words: str) -> Bad:
    """A text in a file of the tiny world that was replaced by another."""

    def spoil(folder: Path) -> None:
        path = folder / "worlds" / "tiny" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return Bad("", words, spoil, f"{name}: {new}")


def own(name: str, text: str, typed: str, *words: str) -> Bad:
    """A file written anew in a folder of one's own."""

    def spoil(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")

    return Bad(typed, words, spoil, f"{name}: {text}")


def unreadable(name: str, damage: str) -> Bad:
    """A file of the tiny world that is missing, a folder, or no text."""

    def spoil(folder: Path) -> None:
        path = folder / "worlds" / "tiny" / name
        path.unlink()
        if damage == "a folder":
            path.mkdir()
        elif damage == "no text":
            path.write_bytes(b"\xff\xfe\x00name")

    return Bad("", (name, "UTF-8" if damage == "no text" else "cannot be read"), spoil, f"{name} is {damage}")


# --- typed on the command line ---------------------------------------------------------------------

TYPED = [
    line("scenario=korea_strik", "scenario", "'korea_strik'", "did you mean 'korea_strike'?"),
    line("scenario=null", "scenario", "None", "korea_strike"),
    line("scenario=[korea_strike]", "scenario", "korea_strike"),
    line("scenario=korea_strike,taiwan_blockade", "scenario", "one value"),
    line("korea_strike", "korea_strike", "KEY=VALUE", "did you mean 'scenario=korea_strike'?"),
    line("runss=5", "unknown key 'runss'", "did you mean 'runs'?"),
    line("Runs=5", "unknown key 'Runs'", "did you mean 'runs'?"),
    line("horizon=5", "unknown key 'horizon'", "did you mean 'horizon_weeks'?"),
    line("hydra.run.dir=here", "unknown key 'hydra'"),
    line("rules=priors", "rules", "'priors'", "did you mean 'prior'?"),
    line("ladder=ten_rung", "ladder", "'ten_rung'", "did you mean 'ten_rungs'?"),
    line("variant=wording_1916", "variant", "'wording_1916'", "did you mean 'wording_1961'?"),
    line("theory=prospekt", "theory", "'prospekt'", "did you mean 'prospect'?"),
    line("theory=prospect,cautious", "theory", "one value"),
    line("theories.PRK=cautios", "theories.PRK", "'cautios'", "did you mean 'cautious'?"),
    line("theories.RSU=cautious", "theories.RSU", "did you mean 'RUS'?"),
    line("theories=prospect", "theories", "'prospect'"),
    line("experiment=structure theory=prospect", "theory", "means nothing to experiment=structure"),
    line("rules.weighting_gains=0.2", "rules.weighting_gains", "0.2", "0.3 to 1"),
    line("parameters=centred", "parameters", "'centred'", "drawn, centre", "did you mean 'centre'?"),
    line("rules.kapa=1", "rules.kapa", "did you mean 'kappa'?"),
    line("+rules.kapa=.1", "rules.kapa", "did you mean 'kappa'?"),
    line("++rules.omga.low=.1", "rules.omga", "did you mean 'omega'?"),
    line("states.Russia.gdp=1", "states.Russia", "use RUS"),
    line("states.RSU.gdp=1", "states.RSU", "did you mean 'RUS'?"),
    line("states.RUS.comitted=.5", "states.RUS.comitted", "did you mean 'committed'?"),
    line("dyads.PRK>DPRK.stake=1", "PRK>DPRK", "use PRK"),
    line("dyads.PRK>USA.steak=1", "dyads.PRK.USA.steak", "did you mean 'stake'?"),
    line("treaties.RUS-PRK-2025.in_force=false", "RUS-PRK-2025", "did you mean 'RUS-PRK-2024'?"),
    line("treaties.RUS-PRK-2024.clauses.art44.strength=1", "art44", "did you mean 'art4'?"),
    line("treaties.RUS-PRK-2024.inforce=false", "inforce", "did you mean 'in_force'?"),
    line("flows.prk_rus_shels.rate=0", "prk_rus_shels", "did you mean 'prk_rus_shells'?"),
    line("scenario.theater=korea", "scenario", "unknown key 'theater'", "did you mean 'theatre'?"),
    line("scenario.theatre=corea", "scenario.theatre", "'corea'", "did you mean 'korea'?"),
    line("scenario.world=pacific_2052", "scenario.world", "did you mean 'pacific_2025'?"),
    line("runs=0", "runs", "0", "1 or more"),
    line("runs=-5", "runs", "-5"),
    line("runs=1.5", "runs", "1.5", "whole number"),
    line("runs=many", "runs", "'many'", "whole number"),
    line("runs=null", "runs", "None"),
    line("runs=true", "runs", "True"),
    line("runs=", "runs", "''"),
    line("runs=10,000", "runs", "'10,000'", "one value"),
    line("runs='5'", "runs", "'5'", "whole number"),
    line("seed=1.5", "seed", "1.5", "whole number"),
    line("seed=-1", "seed", "-1", "0"),
    line("seed=1,2", "seed", "'1,2'", "never swept"),
    line("seed=99999999999999999999999", "seed"),
    line("threads=0", "threads", "0"),
    line("horizon_weeks=0", "horizon_weeks", "0", "1 or more"),
    line("horizon_weeks=2.5", "horizon_weeks", "2.5", "whole number"),
    line("horizon_weeks=1000000", "horizon_weeks", "1000000", "1040"),
    line("turn_days=0", "turn_days", "0", "more than 0"),
    line("turn_days=weekly", "turn_days", "'weekly'", "number"),
    line("rules.kappa=0,1", "rules.kappa", "'0,1'", "0.1"),
    line("rules.kappa=-1", "rules.kappa", "-1", "0 to 100"),
    line("rules.kappa=1e9", "rules.kappa", "1000000000", "0 to 100"),
    line("rules.kappa=high", "rules.kappa", "'high'", "a number, or a range"),
    line("rules.kappa=null", "rules.kappa", "None"),
    line("rules.kappa=[1,2,3]", "rules.kappa", "'[1,2,3]'", "{low:0,centre:0.1,high:0.2}"),
    line("rules.kappa={low:1,centre:0.5,high:2}", "rules.kappa", "low <= centre <= high"),
    line("rules.kappa.low=5", "rules.kappa", "low <= centre <= high"),
    line("rules.kappa.centr=0.1", "rules.kappa", "unknown key 'centr'", "did you mean 'centre'?"),
    line("rules.misreading=1.1", "rules.misreading", "1.1", "0 to 1"),
    line("~rules.kappa", "rules.kappa", "missing"),
    line("~rules", "rules", "missing"),
    line("states.RUS.committed=1.5", "states.RUS.committed", "1.5", "0 to 1"),
    line("states.RUS.milex=-3", "states.RUS.milex", "-3", "0 to"),
    line("states.RUS=0.5", "states.RUS", "0.5", "mapping"),
    line("states.RUS.committed=some", "states.RUS.committed", "'some'"),
    line("states=RUS", "states", "'RUS'", "mapping"),
    line("states={1:2}", "states", "1", "text as a key"),
    line("dyads.PRK>PRK.stake=1", "PRK>PRK", "toward itself"),
    line("dyads.PRK.stake=1", "dyads.PRK.stake", "1", "mapping"),
    line("dyads.PRK>USA>KOR.stake=1", "dyads.PRK"),
    line("dyads.PRK>USA.affinity=-2", "affinity", "-2", "-1 to 1"),
    line("dyads.PRK>USA.war_state=1.5", "war_state", "1.5", "whole"),
    line("dyads.PRK>USA.war_state=3", "war_state", "3", "0 to 2"),
    line("dyads.PRK>USA.rivalry={low:0,centre:1,high:1}", "rivalry", "not a range"),
    line("treaties.RUS-PRK-2024.in_force=perhaps", "in_force", "'perhaps'", "2025-10-10"),
    line("treaties.RUS-PRK-2024.parties=[RUS]", "parties", "['RUS']", "at least two"),
    line("treaties.RUS-PRK-2024.clauses.art4.strength=9", "clauses.art4.strength", "9", "4"),
    line("treaties.RUS-PRK-2024.clauses.art4.duty=everything", "duty", "'everything'", "all_means"),
    line("treaties.RUS-PRK-2024=false", "treaties.RUS-PRK-2024", "False", "mapping"),
    line("flows.prk_rus_shells.rate=2", "flows.prk_rus_shells.rate", "2", "0 to 1"),
    line("flows.prk_rus_shells.to=PRK", "flows.prk_rus_shells.to", "'PRK'", "another state"),
    line("scenario.start=yesterday", "scenario.start", "'yesterday'", "2025-10-10"),
    line("scenario.armistice_is_war=1", "scenario.armistice_is_war", "1", "true or false"),
    line("scenario.slow_clock=1", "scenario.slow_clock", "1", "true or false"),
    line("+scenario.quarrels=[{between:[KOR,PRK],theatre:korea}]", "quarrels", "slow_clock: true"),
    line("treaties.SUN-PRK-1961={in_force:null,open_for_signature:true}", "open_for_signature", "slow_clock: true"),
    line("treaties.RUS-PRK-2024.open_for_signature=true", "open_for_signature", "in force already"),
    line("scenario=world_order scenario.quarrels.0.between=[CHN,POL]", "quarrels.0.between", "rivals"),
    line("scenario=world_order scenario.quarrels.0.theatre=asia", "quarrels.0.theatre", "'asia'"),
    line("scenario=world_order scenario.quarrels.1.between=[CHN,IND]", "quarrels.1.between", "given twice"),
    line("scenario.events.0.rung=9", "scenario.events.0.rung", "9", "up to 8"),
    line("scenario.events.0.threat=1.5", "scenario.events.0.threat", "1.5", "1"),
    line("=5", "=5", "KEY=VALUE"),
    line("runs=[1,", "runs=[1,", "KEY=VALUE"),
    line("runs@here=5", "runs@here=5", "KEY=VALUE"),
    line("runs=${seeds}", "seeds"),
    line("output=''", "output", "''"),
    # several seeds
    line("seed=1,2 -m", "seed", "'1,2'", "never swept", "runs=N gives more runs"),
    line("seed=range(1,4) -m", "seed", "range(1,4)", "never swept"),
    line("horizon_weeks=26,52 seed=choice(1,2) -m", "seed", "choice(1,2)", "never swept"),
    # several runs: all are looked at before the first one starts
    line("runs=5,0 -m", "runs", "0", "1 or more"),
    line("variant=null,wording_1916 -m", "variant", "did you mean 'wording_1961'?"),
    line("scenario=glob(*) -m", "scenario", "'glob(*)'", "separated by commas"),
    # shapes
    line("runs.x=1", "runs", "whole number"),
    line("rules.kappa.low.x=1", "rules.kappa.low", "a number"),
    line("states.RUS.gdp={lo:1}", "states.RUS.gdp", "'lo'", "did you mean 'low'?"),
    line("states.RUS.gdp=[1]", "states.RUS.gdp", "[1]", "a number, or a range"),
    line("runs=???", "runs", "Missing mandatory value"),
    line("ladder.thresholds.war=99", "threshold war", "1 to 8", "99"),
    line("ladder.thresholds.wars=7", "thresholds", "'wars'", "war"),
    line("ladder.rungs=[]", "ladder", "rungs"),
    line("scenario.events.0.day=364", "scenario.events.0.day", "364", "0 to 363", "52 weeks"),
    line("scenario.events.0.day=100 horizon_weeks=10", "scenario.events.0.day", "100", "0 to 69", "10 weeks"),
    # options
    line("--runs 5", "command line", "--runs", "KEY=VALUE"),
    line("--config-dir", "command line", "--config-dir", "expected one argument"),
    line("--config-dir nowhere", "--config-dir", "nowhere", "a folder that exists"),
    line("--cfg hydra", "command line", "'hydra'", "job"),
    line("--multi", "command line", "--multi", "--multirun"),
    line("-x", "command line", "-x"),
    # where to write
    line("output=/dev/null/below", "output", "'/dev/null/below'", "a folder that can be written to"),
    line(f"output={'x' * 300}", "output", "a path that can be reached"),
    line("output='~nobody_here/x'", "output", "'~nobody_here/x'", "home"),
    line("output=5", "output", "5", "text"),
    line("output=null", "output", "None", "text"),
    line("experiment=backtest", "data", "missing", "a table of crises"),
    line("experiment=backtest data=nowhere.csv", "data", "'nowhere.csv'", "exists"),
    line(f"experiment=backtest data={'x' * 300}", "data", "a path that can be reached"),
    line("experiment=new scenario=no", "scenario", "'no'", "not yes, no or nan"),
    line("experiment=new scenario=nan", "scenario", "nan", "not yes, no or nan"),
    line(f"experiment=new scenario=x into={'y' * 300}", "into", "a path that can be reached"),
    line("experiment=check runs=5", "runs", "experiment=check"),
    line("experiment=replay threads=2", "threads", "experiment=replay"),
    line("treaties.RUS-PRK-2024.in_force=maybe", "in_force", "'maybe'", "true or false"),
    line("experiment=backtest data=x outcome=deaths", "outcome", "'deaths'", "severity"),
    line("experiment=backtest data=x fold=1", "fold", "1", "2 or more"),
    line("experiment=backtest data=x fold=2 train=y", "fold", "train"),
    line("experiment=joining", "data", "missing", "a folder of the published files"),
    line("experiment=joining data=nowhere", "data", "'nowhere'", "exists"),
    line("experiment=joining data=x horizon_weeks=5", "horizon_weeks", "experiment=joining"),
    line("experiment=backtest data=x horizon_weeks=5", "horizon_weeks", "experiment=backtest"),
    line("experiment=cases scenario=korea_strike", "scenario", "'korea_strike'", "history/ussuri_1969"),
    line("experiment=cases horizon_weeks=3", "horizon_weeks", "experiment=cases", "rules"),
    line("scenario=history/korea_195", "scenario", "did you mean 'history/korea_1950'?"),
    line("scenario=korea_1950", "scenario", "did you mean 'history/korea_1950'?"),
    line("korea_1950", "KEY=VALUE", "did you mean 'scenario=history/korea_1950'?"),
    line("experiment=calibrate", "data", "missing", "a table of crises"),
    line("experiment=calibrate data=x sbc=-1", "sbc", "-1", "0 or more"),
    line("experiment=calibrate data=x rules=prior", "rules", "experiment=calibrate"),
    line("experiment=compare variants=[as_is,wording_1916]", "'wording_1916'", "did you mean 'wording_1961'?"),
    line("experiment=compare variants=[as_is]", "variants", "['as_is']", "two or more of as_is, without_2024_clause"),
    line("experiment=compare variants=[]", "variants", "[]", "two or more"),
    line("experiment=compare variants=[as_is,as_is]", "variants", "each once"),
    line("experiment=compare variants=as_is", "variants", "'as_is'", "a list"),
    line("experiment=compare variants=as_is,wording_1961", "variants", "one value", "a list brackets"),
    line("experiment=compare variants=[as_is,5]", "variants", "5", "text"),
    line("experiment=uncertainty variants=[as_is]", "variants", "two or more of as_is"),
    line("experiment=uncertainty variants=[as_is,wording_1961] variant=wording_1961", "variant", "with variants"),
    line("experiment=uncertainty variants=[as_is,wording_1961] parameters=centre", "parameters", "'centre'", "drawn"),
    line("experiment=compare variant=wording_1961", "variant", "experiment=compare", "variants"),
    line("variants=[as_is,wording_1961]", "variants", "experiment=compare"),
    line("experiment=attribute variants=[as_is,wording_1961]", "variants", "experiment=compare"),
    line("experiment=attribute run=3", "run", "experiment=replay"),
    line("experiment=attribute variant=as_is", "variant", "'as_is'", "wording_1961"),
    line("experiment=rum", "experiment", "'rum'", "did you mean 'run'?"),
]

SWEEP = "experiment=sweep name=first"
OMEGA = "over.rules.omega=[0.4,0.9]"
CAMPAIGNS = [
    line("experiment=sweep design=lhs points=4", "name", "missing"),
    line("experiment=sweep name=a/b design=lhs points=4", "name", "'a/b'", "letters"),
    line("experiment=sweep name=.. design=lhs points=4", "name", "'..'", "letters"),
    line("experiment=sweep name=été design=lhs points=4", "name", "'été'", "letters"),
    line(f"{SWEEP} design=lhs points=4 over=[rules.omega] over.rules.kappa=[0,1]", "over", "beside over.rules.kappa"),
    line(f"{SWEEP} design=lhs points=4 over.rules.kappa=[0,1] over=ranges.yaml", "over", "beside over.rules.kappa"),
    line(f"{SWEEP} design=lhs points=4 over.rules.kappa=[0,1] over=null", "over", "beside over.rules.kappa"),
    line(f"{SWEEP} points=4", "design", "missing", "grid, list, csv, lhs, sobol, saltelli, morris"),
    line(f"{SWEEP} design=sobl points=4", "design", "did you mean 'sobol'?"),
    line(f"{SWEEP} design=lhs points=0 {OMEGA}", "points", "0", "1 or more"),
    line(f"{SWEEP} design=lhs {OMEGA}", "points", "missing"),
    line(f"{SWEEP} design=lhs points=200000 {OMEGA}", "points", "200000", "up to 100,000 points"),
    line(f"{SWEEP} design=sobol points=100 {OMEGA}", "points", "100", "a power of two, such as 64 or 128"),
    line(f"{SWEEP} design=saltelli points=100 {OMEGA}", "points", "100", "a power of two"),
    line(f"{SWEEP} design=lhs points=4 over.rules.omega=[0.9,0.4]", "over.rules.omega", "[0.9, 0.4]", "low below high"),
    line(f"{SWEEP} design=lhs points=4 over.rules.omega=[0.4]", "over.rules.omega", "[0.4]", "[low,high]"),
    line(f"{SWEEP} design=lhs points=4 over.rules.omega=0.4", "over.rules.omega", "0.4", "a list"),
    line(f"{SWEEP} design=lhs points=4 over.rules.omega=[[1,2]]", "over.rules.omega", "[1, 2]", "one value"),
    line(f"{SWEEP} design=lhs points=4 over.rules.omega=[0.4,900]", "rules.omega", "900", "0 to 100"),
    line(f"{SWEEP} design=lhs points=4 over.rules.omga=[0.4,0.9]", "over.rules.omga", "did you mean 'omega'?"),
    line(f"{SWEEP} design=lhs points=4 over.ruels.omega=[0.4,0.9]", "over", "'ruels'", "did you mean 'rules'?"),
    line(f"{SWEEP} design=lhs points=4 over.seed=[1,2]", "over", "unknown key 'seed'"),
    line(f"{SWEEP} design=lhs points=4 over.states.RUS=[1,2]", "over", "'states.RUS'", "states.CODE.FIGURE"),
    line(f"{SWEEP} design=lhs points=4 over.states.RSU.gdp=[1,2]", "over.states", "did you mean 'RUS'?"),
    line(f"{SWEEP} design=lhs points=4 over.states.RUS.comitted=[0,1]", "over.states.RUS", "did you mean 'committed'?"),
    line(f"{SWEEP} design=lhs points=4 over.dyads.PRK.PRK.stake=[1,2]", "PRK>PRK", "two different states"),
    line(f"{SWEEP} design=lhs points=4 over.dyads.PRK.USA.steak=[1,2]", "did you mean 'stake'?"),
    line(f"{SWEEP} design=lhs points=4 over.states.USA.personnel=[1,2]", "forces", "at most 1 thousand", "USA"),
    line(f"{SWEEP} design=lhs points=4 over=[rules.omega,rules.omega]", "over.rules.omega", "twice"),
    line(f"{SWEEP} design=lhs points=4 over=[dyads.USA.CHN.hotline]", "hotline", "None", "a list"),
    line(f"{SWEEP} design=lhs points=4 over=[5]", "over", "5", "a dotted key"),
    line(f"{SWEEP} design=lhs points=4 over=[states.KOR.warheads]", "warheads", "gives none"),
    line(f"{SWEEP} design=lhs points=4 over.variant=[null]", "over", "cannot be made of it"),
    line(f"{SWEEP} design=lhs points=4 over=nowhere.yaml", "over", "'nowhere.yaml'", "a file"),
    line(f"{SWEEP} design=lhs points=4 over=5", "over", "5", "a file"),
    line(f"{SWEEP} design=lhs points=4 {OMEGA} rules.omega=0.5", "rules.omega", "cannot be set as well"),
    line(f"{SWEEP} design=grid {OMEGA} points=4", "points", "are listed"),
    line(f"{SWEEP} design=grid over=[rules.omega]", "points", "2 or more"),
    line(f"{SWEEP} design=grid over.rules.omega=[high]", "over.rules.omega", "'high'", "a number"),
    line(f"{SWEEP} design=grid over.rules.omega=[0.4,0.4]", "over.rules.omega", "each once"),
    line(f"{SWEEP} design=grid over.variant=[null,wording_1916]", "variant", "did you mean 'wording_1961'?"),
    line(f"{SWEEP} design=grid over.variant=[null,wording_1961] variant=wording_1961", "variant", "set as well"),
    line(f"{SWEEP} design=grid over.horizon_weeks=[0]", "over.horizon_weeks", "0", "1 or more"),
    line(f"{SWEEP} design=grid over.treaties.RUS-PRK-2042.in_force=[true]", "did you mean 'RUS-PRK-2024'?"),
    line(f"{SWEEP} design=grid over.treaties.RUS-PRK-2024.in_force=[maybe]", "in_force", "'maybe'", "true or false"),
    line(f"{SWEEP} design=grid over.treaties.RUS-PRK-2024.inforce=[true]", "did you mean 'in_force'?"),
    line(f"{SWEEP} design=grid over.dyads.USA.CHN.hotline=[0,0.5]", "hotline", "0.5", "whole number"),
    line(f"{SWEEP} design=list {OMEGA} over.rules.kappa=[1]", "over.rules.kappa", "2 values", "design=grid"),
    line(f"{SWEEP} design=list over=[rules.omega]", "over.rules.omega", "None", "a list"),
    line(f"{SWEEP} design=csv", "over", "None", "a column a key"),
    line(f"{SWEEP} design=csv over=nowhere.csv", "over", "'nowhere.csv'", "a column a key"),
    line(f"{SWEEP} design=lhs points=4 keep=all", "keep", "'all'", "points, runs"),
    line("experiment=gather", "name", "missing"),
    line("experiment=gather name=nowhere", "name", "'nowhere'", "which has none"),
    line("experiment=status", "output", "in which there are campaigns"),
    line("precision=0", "precision", "0", "more than 0"),
    line("precision=-0.01", "precision", "-0.01", "more than 0"),
    line("precision=0.5", "precision", "0.5", "less than 0.5"),
    line("precision=1", "precision", "1", "less than 0.5"),
    line("precision=nan", "precision", "nan"),
    line("precision=narrow", "precision", "'narrow'", "number"),
    line("precision=0.01,0.02", "precision", "one value"),
    line("precison=0.01", "unknown key 'precison'", "did you mean 'precision'?"),
    line("experiment=compare precision=0.01", "precision", "experiment=run"),
    line("experiment=uncertainty points=5", "points", "5", "10 to 10,000"),
    line("experiment=uncertainty points=10 runs=19", "runs", "19", "20 or more"),
    line("experiment=uncertainty points=many", "points", "'many'", "whole number"),
    line("experiment=uncertainty parameters=centre", "parameters", "'centre'", "no spread"),
    line("experiment=uncertainty design=lhs", "design", "experiment=calibrate or sweep"),
    line("experiment=run points=4", "points", "experiment=sweep"),
    line("experiment=resume", "name", "missing"),
    line("experiment=resume name=first runs=5", "runs", "experiment=resume"),
    line("experiment=cancel name=nowhere", "name", "'nowhere'", "which has none"),
    line("experiment=gather name=first compute=slurm", "compute", "experiment=sweep or resume"),
    line(f"{SWEEP} design=lhs points=4 {OMEGA} compute=slrum", "compute", "did you mean 'slurm'?"),
    line(f"{SWEEP} design=lhs points=4 {OMEGA} compute.partition=long", "compute.partition", "with compute=slurm"),
    line(f"{SWEEP} design=lhs points=4 {OMEGA} compute=slurm compute.cpu=2", "compute", "did you mean 'cpus'?"),
    line(f"{SWEEP} design=lhs points=4 {OMEGA} compute=slurm compute.cpus=0", "compute.cpus", "0", "1 or more"),
    line(f"{SWEEP} design=lhs points=4 {OMEGA} compute=slurm compute.time=4h", "compute.time", "'4h'", "04:00:00"),
    line(f"{SWEEP} design=lhs points=4 {OMEGA} compute=slurm compute.memory=2GB", "compute.memory", "'2GB'", "2G"),
    line(f"{SWEEP} design=lhs points=4 {OMEGA} compute=slurm compute.lines=[qos]", "compute.lines", "--NAME=VALUE"),
    line(f"{SWEEP} design=lhs points=4 {OMEGA} compute=slurm compute.lines=['--array=1']", "compute.lines", "sets it"),
    line(f"{SWEEP} design=lhs points=4 {OMEGA} compute=slurm compute.lines=['--mem=1']", "compute.memory"),
    line("experiment=gather name=first runs=5", "runs", "experiment=gather"),
    own("p.csv", "rules.omga\n0.5\n", f"{SWEEP} design=csv over=mine/p.csv", "p.csv:1", "did you mean 'omega'?"),
    own("p.csv", "omega\n0.5\n", f"{SWEEP} design=csv over=mine/p.csv", "p.csv:1", "unknown column 'omega'"),
    own("p.csv", "rules.omega\nhigh\n", f"{SWEEP} design=csv over=mine/p.csv", "p.csv:2", "'high'"),
    own("p.csv", "rules.omega\n", f"{SWEEP} design=csv over=mine/p.csv", "p.csv", "must have rows"),
    own("p.csv", "rules.omega;rules.phi\n", f"{SWEEP} design=csv over=mine/p.csv", "p.csv:1", "semicolons"),
    own("p.csv", "rules.omega\n900\n", f"{SWEEP} design=csv over=mine/p.csv", "rules.omega", "900", "0 to 100"),
]

# names by which people call a state, and its code
CALLED = {
    "ROK": "KOR", "DPRK": "PRK", "UK": "GBR", "UKG": "GBR", "GER": "DEU", "GMY": "DEU", "PRC": "CHN", "China": "CHN",
    "USSR": "RUS", "US": "USA", "Taiwan": "TWN", "TAW": "TWN", "JAP": "JPN", "FRN": "FRA", "AUL": "AUS", "PHI": "PHL",
    "DRV": "VNM", "IRI": "IRN",
}  # fmt: skip
CODES = [line(f"states.{name}.gdp=1", f"states.{name}", f"'{name}'", f"use {code}") for name, code in CALLED.items()]

NUMBERS = (
    "runs", "seed", "threads", "horizon_weeks", "turn_days", "rules.kappa", "rules.kappa.high", "states.RUS.milex",
    "states.RUS.milex.low", "dyads.PRK>USA.stake", "flows.prk_rus_shells.rate",
    "flows.prk_rus_shells.evasion", "flows.prk_rus_shells.delay_years",
    "treaties.RUS-PRK-2024.clauses.art4.strength", "scenario.start_rungs.0.rung", "scenario.events.0.day",
    "scenario.events.0.rung", "scenario.events.0.threat", "scenario.rules.kappa", "ladder.thresholds.force",
)  # fmt: skip
NO_NUMBERS = [
    line(f"{key}={value}", key.replace(">", ".").rpartition(".")[2], value)
    for key in NUMBERS
    for value in ("nan", "-inf")
]

# --- the tiny scenario -----------------------------------------------------------------------------

ACT: dict[str, Any] = SCENARIO["events"][0]
DEPLOY: dict[str, Any] = SCENARIO["events"][1]
WIDE = {"low": 1, "centre": 10, "high": 5000}
FORCE = {"state": "USA", "theatre": "korea", "host": "KOR", "personnel": 5}
SCENARIOS = [
    tiny("", "scenario.events.0.day", "364", "0 to 363", "52 weeks", events=[ACT | {"day": 364}]),
    tiny("", "scenario.events.0.day", "-1", events=[ACT | {"day": -1}]),
    tiny("", "scenario.events.0.day", "1.5", "whole number", events=[ACT | {"day": 1.5}]),
    tiny("", "scenario.events.0.by", "'ROK'", "use KOR", events=[ACT | {"by": ["ROK"]}]),
    tiny("", "scenario.events.0.by", "at least one", events=[ACT | {"by": []}]),
    tiny("", "scenario.events.0.by", "'USA'", "a list", events=[ACT | {"by": "USA"}]),
    tiny("", "scenario.events.0.by", "each state once", events=[ACT | {"by": ["USA", "USA"]}]),
    tiny("", "scenario.events.0.against", "'USA'", "itself", events=[ACT | {"against": ["USA"]}]),
    tiny("", "scenario.events.0.rung", "0", "1", events=[ACT | {"rung": 0}]),
    tiny("", "scenario.events.0.kind", "'strike'", "act, deploy, change", events=[ACT | {"kind": "strike"}]),
    tiny("", "scenario.events.0.kind", "missing", events=[{"day": 0}]),
    tiny("", "events.0.theatre", "did you mean 'korea'?", events=[ACT | {"theatre": "korean"}]),
    tiny("", "scenario.events.0", "did you mean 'against'?", events=[ACT | {"agaist": ["PRK"]}]),
    tiny("", "scenario.events", "a list", events=ACT),
    tiny("", "scenario.events.0", "'strike'", events=["strike"]),
    tiny("", "scenario.events.0.personnel", "1330", events=[DEPLOY | {"personnel": 5000}]),
    tiny("", "scenario.events.130.personnel", "at most 1330 thousand", events=[DEPLOY] * 140),
    tiny("", "scenario.events.0.personnel", "5000", "1330", events=[DEPLOY | {"personnel": WIDE}]),
    tiny("", "scenario.events.0.personnel", "-5", events=[DEPLOY | {"personnel": -5}]),
    tiny("", "scenario.events.0.personnel", "'ten'", events=[DEPLOY | {"personnel": "ten"}]),
    tiny("", "scenario.events.0.state", "'JPN'", "USA", events=[DEPLOY | {"state": "JPN"}]),
    tiny("", "start_rungs.0.to", "itself", start_rungs=[{"from": "PRK", "to": "PRK", "rung": 4}]),
    tiny("", "'US'", "use USA", start_rungs=[{"from": "PRK", "to": "US", "rung": 4}]),
    tiny("", "start_rungs.0.rung", "9", "8", start_rungs=[{"from": "PRK", "to": "USA", "rung": 9}]),
    tiny("", "start_rungs.1", "PRK>USA", "twice", start_rungs=SCENARIO["start_rungs"] * 2),
    tiny("", "scenario.start_rungs.0.from", "missing", start_rungs=[{"to": "USA", "rung": 4}]),
    tiny("", "scenario", "'titel'", "did you mean 'title'?", titel="x"),
    tiny("", "scenario.title", "5", "text", title=5),
    tiny("", "scenario.world", "None", "tiny", world=None),
    tiny("", "scenario.horizon_weeks", "0", horizon_weeks=0),
    tiny("", "scenario.horizon_weeks", "'a year'", "whole number", horizon_weeks="a year"),
    tiny("", "scenario.start", "'2025-13-01'", "2025-10-10", start="2025-13-01"),
    tiny("", "scenario.states.TAIWAN", "KOR, PRK, RUS, USA", states={"TAIWAN": {"gdp": 1}}),
    tiny("", "scenario.rules.kapa", "did you mean 'kappa'?", rules={"kapa": 1}),
    tiny("", "scenario.variants.x", "changes nothing", variants={"x": {}}),
    tiny("", "scenario.variants.x", "changes nothing", variants={"x": {"summary": "Nothing."}}),
    tiny("", "scenario.variants.x", "did you mean 'treaties'?", variants={"x": {"treatys": {}}}),
    tiny("", "scenario.variants.x", "5", "mapping", variants={"x": 5}),
    tiny("variant=x", "scenario.variants.x.states.RUS.gdp", "-1", variants={"x": {"states": {"RUS": {"gdp": -1}}}}),
    tiny("variant=x", "scenario.variants.x.events.0.rung", "12", variants={"x": {"events": [ACT | {"rung": 12}]}}),
    tiny("", "scenario.variants.as_is", "another name", variants={"as_is": {"events": []}}),
    tiny("experiment=compare", "variants", "declares no variant", variants={}),
    tiny(
        "experiment=compare",
        "variants",
        "as_is and again differ in nothing",
        variants={"again": {"events": SCENARIO["events"]}},
    ),
    tiny("variant=noclause", "variant", "'noclause'", "did you mean 'no_clause'?"),
    tiny("states.USA.personnel=20", "forces.USA.korea", "28.5", "at most 20"),
    tiny("treaties.NEW={parties:[RUS],clauses:{}}", "treaties.NEW"),
    tiny("treaties.NEW={parties:[RUS],clauses:{x:{}},name:x}", "treaties.NEW.clauses.x", "missing"),
    tiny("treaties.USA-KOR-1953.parties=[USA,JPN]", "parties", "'JPN'", "KOR, PRK, RUS, USA"),
    tiny("treaties.USA-KOR-1953.ended=1950-01-01", "ended", "1950-01-01", "1954-11-18"),
    tiny(
        "treaties.SUN-PRK-1961.in_force=1970-01-01",
        "treaties.SUN-PRK-1961.in_force",
        "1970-01-01",
        "whatever its dates",
    ),
    tiny("treaties.USA-KOR-1953.in_force=2031-01-01", "treaties.USA-KOR-1953.in_force", "2031-01-01", "2026-10-09"),
    tiny("", "scenario.treaties.SUN-PRK-1961", "ended", treaties={"SUN-PRK-1961": {"in_force": "1970-01-01"}}),
    tiny("", "scenario.forces", "'USA'", "a list of forces", forces="USA"),
    tiny("", "scenario.forces.0", "did you mean 'host'?", forces=[FORCE | {"hots": "KOR"}]),
    tiny("", "scenario.forces.1", "USA korea KOR", "each place once", forces=[FORCE, FORCE]),
    tiny("", "forces", "'JPN'", "USA", forces=[FORCE | {"state": "JPN"}]),
    tiny("", "forces", "did you mean 'korea'?", forces=[FORCE | {"theatre": "corea"}]),
    tiny("", "forces.USA.korea", "5000", "1330", forces=[FORCE | {"personnel": WIDE}]),
    tiny("", "veto", "'ROK'", "use KOR", veto=["USA", "ROK"]),
    tiny("", "veto", "each state once", veto=["USA", "USA"]),
    tiny("", "scenario.veto", "'USA'", "a list", veto="USA"),
    tiny("flows.rus_sanctions.evaded_by=[RUS]", "flows.rus_sanctions.evaded_by", "'RUS'", "a third state"),
    tiny("flows.x={kind:arm,from:PRK,to:RUS,rate:0}", "kind", "did you mean 'arms'?"),
    tiny("flows.x={kind:arms,from:PRK,to:RUS,rate:0}", "flows.x.domain", "missing", "land"),
    tiny("flows.prk_shells.evaded_by=[USA]", "flows.prk_shells.evaded_by", "only sanctions"),
    tiny("flows.rus_space.delay_years=2", "flows.rus_space.delay_years", "2.0", "only technology"),
    tiny("flows.prk_shells.end=2020-01-01", "flows.prk_shells.end", "2020-01-01", "after the start"),
    tiny("flows.prk_shells.from=JPN", "flows.prk_shells.from", "'JPN'"),
    tiny("dyads.PRK.ROK.stake=1", "dyads.PRK>ROK", "'ROK'", "use KOR"),
    own("tiny_strike.yaml", "name: [", "", "tiny_strike.yaml:", "does not parse as YAML"),
    own("tiny_strike.yaml", "name: x\nworld: tiny\n  title: y\n", "", "tiny_strike.yaml:3", "does not parse as YAML"),
    own("tiny_strike.yaml", "name: x\nname: y\n", "", "tiny_strike.yaml:2", "'name'", "twice"),
    own("tiny_strike.yaml", "- korea\n", "", "tiny_strike.yaml", "['korea']", "a mapping"),
    own("tiny_strike.yaml", "", "", "scenario.world", "missing", "tiny"),
    own("tiny_strike.yaml", "name: tiny_strike\nworld: tiny\n", "", "scenario.", "missing"),
    own("ladder/mine.yaml", "{name: x, rungs: 5, thresholds: 6}", "ladder=mine", "ladder"),
    own("ladder/mine.yaml", "", "ladder=mine", "ladder", "missing name"),
    own("rules/mine.yaml", "", "rules=mine", "rules.omega", "missing"),
    *(
        own("rules/mine.yaml", text, "rules=mine", word)
        for text, word in (
            ("omega: [1", "mine.yaml"),
            ("omega: 1\nomega: 2\n", "omega"),
            ("- omega\n", "['omega']"),
            ("omega: ${x}\n", "rules.omega"),
            ("{omega: \x00}", "mine.yaml"),
        )
    ),
]

# --- files of a world ------------------------------------------------------------------------------


def change(**values: Any) -> dict[str, Any]:
    """An event that changes figures; `states_PRK_gdp=1` stands for the key states.PRK.gdp."""
    changes = {key.replace("_", "."): value for key, value in values.items()}
    return {"events": [{"day": 7, "kind": "change", "changes": changes}]}


CHANGES = [
    tiny("", "events.0.changes.states.ROK.gdp", "'ROK'", "KOR", **change(states_ROK_gdp=1)),
    tiny("", "'qality'", "did you mean 'quality'?", **change(states_PRK_qality=0.5)),
    tiny("", "states.PRK.quality", "5", "0.2 to 1", **change(states_PRK_quality=5)),
    tiny("", "quality", "low <= centre", **change(states_PRK_quality={"low": 0.5, "centre": 0.4, "high": 0.6})),
    tiny("", "states.PRK.quality", "'high'", "a number, or a range", **change(states_PRK_quality="high")),
    tiny("", "states.PRK", "states.CODE.FIGURE", **change(states_PRK=0.5)),
    tiny("", "dyads.PRK.USA.steak", "did you mean 'stake'?", **change(dyads_PRK_USA_steak=1)),
    tiny("", "dyads.PRK.PRK.stake", "toward itself", **change(dyads_PRK_PRK_stake=1)),
    tiny("", "dyads.PRK.stake", "dyads.CODE.CODE.FIGURE", **change(dyads_PRK_stake=1)),
    tiny("", "dyads.PRK.USA.hotline", "0.5", "whole number", **change(dyads_PRK_USA_hotline=0.5)),
    tiny("", "'treaties'", "states, dyads", **change(treaties_PRK=1)),
    tiny("", "'state'", "did you mean 'states'?", **change(state_PRK_gdp=1)),
    tiny("", "KOR.PRK.hotline", "twice on day 7", **change(dyads_PRK_KOR_hotline=1, dyads_KOR_PRK_hotline=0)),
    tiny("", "states.prk.gdp", "twice on day 7", **change(states_PRK_gdp=1, states_prk_gdp=2)),
    tiny("", "scenario.events.0.changes", "at least one", **change()),
    tiny("", "scenario.events.0.changes", "missing", events=[{"day": 7, "kind": "change"}]),
    tiny("", "scenario.events.0.changes", "5", "mapping", events=[{"day": 7, "kind": "change", "changes": 5}]),
    line("scenario.events.0.rung=letal", "scenario.events.0.rung", "'letal'", "did you mean 'lethal'?"),
    line("scenario.events.0.rung=nuclear_use", "scenario.events.0.rung", "9", "up to 8"),
    line("scenario.start_rungs.0.rung=displays", "scenario.start_rungs.0.rung", "did you mean 'display'?"),
    line("ladder=seven_rungs scenario.events.0.rung=4", "4 is a number of the ladder ten_rungs", "lethal"),
]

BACKFILL = {
    "kind": "backfill", "from": "USA", "to": "PRK", "behind": "prk_shells", "reexport": "banned", "rate": 0.5
}  # fmt: skip


def flow(name: str, *words: str, **changes: Any) -> Bad:
    """A flow that the tiny scenario changes, or adds if it has `BACKFILL`."""
    return tiny("", *words, flows={name: changes})


FLOWS = [
    flow("x", "flows.x.behind", "missing", "behind a flow of arms", **BACKFILL | {"behind": None}),
    flow("x", "flows.x.reexport", "missing", "allowed, banned", **BACKFILL | {"reexport": None}),
    flow("x", "flows.x.reexport", "'baned'", "'banned'?", **BACKFILL | {"reexport": "baned"}),
    flow("x", "flows.x.rate", "1.5", "0 to 1", **BACKFILL | {"rate": 1.5}),
    flow("x", "flows.x.domain", "'land'", "only arms and technology", **BACKFILL | {"domain": "land"}),
    flow("x", "flows.x.behind", "did you mean 'prk_shells'?", **BACKFILL | {"behind": "prk_shels"}),
    flow("x", "flows.x.behind", "from PRK to a third", "prk_shells", **BACKFILL | {"behind": "rus_space"}),
    flow("x", "flows.x.behind", "'prk_shells'", "there is none", **BACKFILL | {"from": "RUS"}),
    flow("rus_space", "flows.rus_space.behind", "only backfill", behind="prk_shells"),
    flow("rus_space", "flows.rus_space.reexport", "only backfill", reexport="banned"),
]
FILES = [
    file("world.yaml", "date:", "veto: [USA, ROK]\ndate:", "world.yaml", "veto", "'ROK'", "KOR"),
    file("world.yaml", "date:", "veto: [USA, USA]\ndate:", "world.yaml", "veto", "each state once"),
    file("world.yaml", "date:", "veto: USA\ndate:", "world.yaml", "veto", "'USA'"),
    file("states.csv", "PRK,", "KOR,", "states.csv:3", "KOR", "twice"),
    file("states.csv", "KOR,South", "ROK1,South", "capabilities.csv:2", "'KOR'"),
    file("states.csv", "37.57", "137.57", "states.csv:2", "lat", "137.57", "90"),
    file("states.csv", "37.57", "north", "states.csv:2", "lat", "'north'", "a number"),
    file("states.csv", "state,name,capital,lat,lon", "state;name;capital;lat;lon", "states.csv:1", "semicolons"),
    file("states.csv", "state,name,capital,lat,lon", "state|name|capital|lat|lon", "states.csv:1", "bars"),
    tiny("", "name", "'other'", "'tiny_strike', as the file is called", name="other"),
    file("capabilities.csv", "quantity", "quality", "capabilities.csv:1", "'quality'", "did you mean 'quantity'?"),
    file("capabilities.csv", ",confidence,note", ",confidence", "capabilities.csv:1", "'note'", "missing"),
    file("capabilities.csv", "low,centre,high", "low,low,high", "capabilities.csv:1", "'low'", "twice"),
    file("capabilities.csv", "KOR,aircraft", "KOR,aircrafts", ":3", "'aircrafts'", "did you mean 'aircraft'?"),
    file("capabilities.csv", "KOR,aircraft", "DPRK,aircraft", ":3", "'DPRK'", "use PRK"),
    file("capabilities.csv", "KOR,aircraft,400,400,400", "KOR,aircraft,400,about 400,400", ":3", "'about 400'"),
    file("capabilities.csv", "KOR,aircraft,400,400,400", "KOR,aircraft,400,,400", ":3", "centre", "''"),
    file("capabilities.csv", "KOR,aircraft,400,400,400", "KOR,aircraft,nan,400,400", ":3", "low", "'nan'"),
    file("capabilities.csv", "KOR,aircraft,400,400,400", "KOR,aircraft,400,400,1e999", ":3", "high", "'1e999'"),
    file("capabilities.csv", "KOR,aircraft,400,400,400", 'KOR,aircraft,400,400,"1,000"', ":3", "'1,000'"),
    file("capabilities.csv", "KOR,aircraft,400,400,400", "KOR,aircraft,4_00,400,400", ":3", "'4_00'"),
    file("capabilities.csv", "KOR,aircraft,400,400,400", "KOR,aircraft,400,400,1,000", ":3", "11 cells", "10"),
    file("capabilities.csv", "KOR,aircraft,400,400,400", "KOR,aircraft,500,400,400", ":3", "aircraft", "low <= centre"),
    file("capabilities.csv", "KOR,aircraft,400,400,400", "KOR,aircraft,-1,400,400", ":3", "aircraft", "-1", "0 to"),
    file("capabilities.csv", "KOR,aircraft", "KOR,accountability", ":3", "accountability", "twice"),
    file("capabilities.csv", "400,400,400,combat aircraft", "4,4,4,hundreds", ":3", "'hundreds'", "combat aircraft"),
    file("capabilities.csv", "0.8,0.8,0.8,index 0-1,2025,TEST,judgement", "0.8,0.8,1.8,index 0-1,2025,TEST,V", "1.8"),
    file("capabilities.csv", "TEST,judgement", "TEST,verified", ":2", "confidence", "'verified'", "judgement"),
    file(
        "capabilities.csv",
        "KOR,aircraft,400,400,400,combat aircraft,2025,TEST,judgement,\n",
        "",
        "capabilities.csv",
        "states.KOR.aircraft",
        "missing",
    ),
    file("capabilities.csv", "KOR,aircraft,", 'KOR,"aircraft"x,', "capabilities.csv:3"),
    file("theatres.csv", "0.3,0.2", "0.4,0.2", "theatres.csv:2", "korea.weights", "1.1", "sum to 1"),
    file("theatres.csv", "0.3,0.2", "-0.3,0.2", "theatres.csv:2", "korea.weights.land", "-0.3"),
    file(
        "theatres.csv",
        "0.3,0.2,0.1,0.15,0.1,0.05,0.1",
        "0,0,0,0,.5,.5,0",
        "theatres.csv:2",
        "korea.weights",
        "arms too",
    ),
    file("theatres.csv", "ukraine,", "korea,", "theatres.csv:3", "korea", "twice"),
    file("forces.csv", "USA,korea", "USA,corea", "forces.csv:3", "theatre", "'corea'", "did you mean 'korea'?"),
    file("forces.csv", "korea,KOR", "korea,ROK", "forces.csv:3", "host", "'ROK'", "use KOR"),
    file("forces.csv", "28,28.5,29", "28000,28500,29000", "forces.csv:3", "personnel", "20000"),
    file("forces.csv", "28,28.5,29", "2800,2850,2900", "forces.csv", "forces.USA.korea", "2850", "1330"),
    file("dyads.csv", "USA,PRK,stake", "PRK,PRK,stake", "dyads.csv:11", "PRK>PRK", "itself"),
    file("dyads.csv", "USA,PRK,stake", "USA,DPRK,stake", "dyads.csv:11", "to", "use PRK"),
    file("dyads.csv", "USA,PRK,stake", "PRK,USA,stake", "dyads.csv:11", "stake", "twice"),
    file("dyads.csv", "USA,PRK,stake,0.7,1,1.4,logit", "USA,PRK,rivalry,1,1,1,code", ":11", "rivalry", "twice"),
    file("dyads.csv", "USA,PRK,stake", "USA,PRK,steak", "dyads.csv:11", "'steak'", "did you mean 'stake'?"),
    file("dyads.csv", "0.2,0.3,0.5,0-1", "0.2,0.3,5,0-1", "dyads.csv:5", "dependence", "5", "0 to 1"),
    file("treaties.yaml", "parties: [RUS, PRK]", "parties: [RUS]", "treaties.yaml", "RUS-PRK-2024.parties", "two"),
    file("treaties.yaml", "parties: [RUS, PRK]", "parties: [RUS, RUS]", "treaties.RUS-PRK-2024.parties", "once"),
    file("treaties.yaml", "parties: [RUS, PRK]", "parties: [RUS, DPRK]", "'DPRK'", "use PRK"),
    file("treaties.yaml", "protects: [KOR, USA]", "protects: [PRK]", "art3.protects", "'PRK'", "USA, KOR"),
    file("treaties.yaml", "owed_by: [USA, KOR]", "owed_by: [RUS]", "art3.owed_by", "'RUS'"),
    file(
        "treaties.yaml",
        "protects: [KOR, USA]\n      owed_by: [USA, KOR]",
        "protects: [KOR]\n      owed_by: [KOR]",
        "art3.owed_by",
        "besides",
    ),
    file("treaties.yaml", "theatres: [korea]", "theatres: [corea]", "trigger.theatres", "did you mean 'korea'?"),
    file("treaties.yaml", "rung: lethal", "rung: letal", "trigger.rung", "'letal'", "did you mean 'lethal'?"),
    file("treaties.yaml", "provoked: open", "provoked: maybe", "trigger.provoked", "'maybe'", "covered"),
    file("treaties.yaml", "state_of_war: true", "state_of_war: needed", "state_of_war", "'needed'", "true or false"),
    file("treaties.yaml", "kind: defence", "kind: defense", "kind", "'defense'", "did you mean 'defence'?"),
    file("treaties.yaml", "filters: [article_51,", "filters: [article_15,", "'article_15'", "'article_51'?"),
    file("treaties.yaml", "strength: 4", "strength: 5", "strength", "5", "4"),
    file("treaties.yaml", "signed: 2024-06-19", "signed: 19 June 2024", "signed", "'19 June 2024'"),
    file("treaties.yaml", "SUN-PRK-1961:", "RUS-PRK-2024:", "treaties.yaml:27", "'RUS-PRK-2024'", "twice"),
    file("treaties.yaml", "parties: [RUS, PRK]", "parties: [RUS, PRK", "treaties.yaml:", "does not parse as YAML"),
    file("flows.yaml", "to: RUS", "to: PRK", "flows.yaml", "flows.prk_shells.to", "'PRK'", "another state"),
    file("flows.yaml", "to: RUS", "too: RUS", "flows.prk_shells", "'too'", "did you mean 'to'?"),
    file("flows.yaml", "domain: land", "domain: ground", "flows.prk_shells.domain", "'ground'", "land"),
    file("flows.yaml", "rate: 0.02", "rate: 2", "flows.rus_sanctions.rate", "2", "0 to 1"),
    file("flows.yaml", "rate: 0.02", "rate: .nan", "flows.rus_sanctions.rate", "nan"),
    file("flows.yaml", "  rate: 0.02\n", "", "flows.rus_sanctions.rate", "missing"),
    file("world.yaml", "title:", "titel:", "world.yaml", "'titel'", "did you mean 'title'?"),
    file("world.yaml", "2025-10-10", "autumn", "world.yaml", "date", "'autumn'"),
    file("world.yaml", "stake:", "steak:", "defaults.steak", "did you mean 'stake'?"),
    file("world.yaml", "high: 0.9", "high: 0.1", "defaults.stake", "low <= centre <= high"),
    file("capabilities.csv", ",", ";", "capabilities.csv:1", "semicolons"),
    file("dyads.csv", ",", ";", "dyads.csv:1", "semicolons", "points in numbers"),
    file("states.csv", "37.57", "37,57", "states.csv:2", "6 cells", "5"),
    *(file("states.csv", "37.57", text, "states.csv:2", "lat", text) for text in ("nan", "inf", "-inf", "1e999")),
    *(file("theatres.csv", "0.3,0.2", f"{text},0.2", "theatres.csv:2", "land", text) for text in ("nan", "inf")),
    *(file("forces.csv", "28,28.5", f"{text},28.5", "forces.csv:3", "low", text) for text in ("nan", "-inf")),
    *(file("dyads.csv", "0.7,1,1.4", f"0.7,1,{text}", "dyads.csv:11", "high", text) for text in ("nan", "inf")),
    file("world.yaml", "high: 0.9", "high: .inf", "world.yaml", "defaults.stake.high", "inf", "finite"),
    file("treaties.yaml", "strength: 4", "strength: .nan", "treaties.yaml", "strength", "nan", "finite"),
    *(
        unreadable(path.name, damage)
        for path in sorted((WORLDS / "tiny").glob("*.[cy]*"))
        if path.name != "world.yaml"  # which is what makes a folder a world
        for damage in ("missing", "a folder", "no text")
    ),
]

OBSERVED = {
    "summary": "It ended.",
    "highest_rung": "war",
    "violence": "war",
    "days": 9,
    "source": "here",
    "confidence": "M",
}
SEEN = {
    "treaty": "RUS-PRK-2024",
    "clause": "art4",
    "ally": "RUS",
    "protected": "PRK",
    "stage": "denied",
    "level": "consult",
}


def observed(*words: str, **changes: Any) -> Bad:
    """Something changed in what the tiny scenario says to have happened."""
    return tiny("", *words, observed=OBSERVED | changes)


def seen(*words: str, **changes: Any) -> Bad:
    """Something changed in what became of its clause."""
    return observed(*words, clauses=[SEEN | changes])


def whole(old: str, new: str, *words: str) -> Bad:
    """A text in the world of one file that was replaced by another."""

    def spoil(folder: Path) -> None:
        folder_of_ones_own(folder, **ON_ONE_FILE)
        shutil.copytree(WORLDS / "whole", folder / "worlds" / "whole", dirs_exist_ok=True)
        path = folder / "worlds" / "whole" / "world.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return Bad("", ("world.yaml", *words), spoil, f"whole/world.yaml: {new}")


ON_ONE_FILE: dict[str, Any] = {"world": "whole", "theatre": "strait", "states": {}, "variants": {}, "events": []} | {
    "start_rungs": [{"from": "CHN", "to": "TWN", "rung": 4}]
}

PAST = [
    tiny("", "scenario.theory", "'quantl'", "did you mean 'quantal'?", theory="quantl"),
    tiny("", "scenario.theories.PRK", "'resiprocal'", "did you mean 'reciprocal'?", theories={"PRK": "resiprocal"}),
    observed("observed.violence", "'battle'", "none, minor, serious, war", violence="battle"),
    observed("observed.highest_rung", "'waar'", "did you mean 'war'?", highest_rung="waar"),
    observed("observed.highest_rung", "12", "9", highest_rung=12),
    observed("observed.days", "0", "1 or more", days=0),
    observed("observed.days", "'long'", days="long"),
    observed("observed", "unknown key 'dayz'", "did you mean 'days'?", dayz=5),
    observed("observed.summary", "not empty", summary=""),
    observed("observed.confidence", "'sure'", confidence="sure"),
    observed("observed.joined", "'RSU'", "did you mean 'RUS'?", joined={"RSU": "consult"}),
    observed("observed.joined", "'USA'", "outside the crisis", joined={"USA": "consult"}),
    observed("observed.joined.RUS", "'arms'", "materiel", joined={"RUS": "arms"}),
    seen("observed.clauses.0.treaty", "did you mean 'RUS-PRK-2024'?", treaty="RUS-PRK-2042"),
    seen("observed.clauses.0.clause", "'art44'", "art4", clause="art44"),
    seen("observed.clauses.0.ally", "'USA'", "RUS", ally="USA"),
    seen("observed.clauses.0.protected", "'RUS'", "PRK", protected="RUS"),
    seen("observed.clauses.0.stage", "'refused'", "denied", stage="refused"),
    tiny("", "observed", "5", "a mapping", observed=5),
    whole("personnel:", "personel:", "states.CHN", "'personel'", "did you mean 'personnel'?"),
    whole("    milex: 336\n", "", "states.CHN.milex", "missing"),
    whole("centre: 90,", "middle: 90,", "states.TWN.personnel", "'middle'"),
    whole("low: 80,", "low: 100,", "states.TWN.personnel", "low <= centre <= high"),
    whole("milex: 336", "milex: much", "states.CHN.milex", "'much'", "a number"),
    whole('"CHN>TWN"', '"CHN>TVN"', "dyads.CHN>TVN", "did you mean 'TWN'?"),
    whole("stake: 2", "steak: 2", "dyads.CHN>TWN.steak", "did you mean 'stake'?"),
    whole("state_defaults", "state_default", "did you mean 'state_defaults'?"),
    whole("land: 1", "lande: 1", "lande", "did you mean 'land'?"),
    whole("personnel: 5", "men: 5", "forces.0.personnel", "missing"),
    whole("capital: Taipei", "capital: 5", "states.TWN.capital", "text"),
    whole("treaties: {}", "treaties: []", "treaties", "a mapping"),
]

TABLE = [*TYPED, *CAMPAIGNS, *CODES, *NO_NUMBERS, *SCENARIOS, *CHANGES, *FLOWS, *FILES, *PAST]
