"""Choices and overrides -> a validated tree and scenario; the only place that knows Hydra.

There is no ``@hydra.main``: it makes folders before it looks at a value, and shows tracebacks. Hydra
composes; what it lets through is judged afterwards by the strict schema, before anything is written.
"""

from __future__ import annotations

import argparse
import itertools
import os
import pickle
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import yaml
from hydra import compose as hydra_compose
from hydra import initialize_config_dir
from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.global_hydra import GlobalHydra
from hydra.core.object_type import ObjectType
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.core.plugins import Plugins
from hydra.errors import HydraException
from hydra.plugins.config_source import ConfigResult, ConfigSource
from hydra.plugins.search_path_plugin import SearchPathPlugin
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException
from pydantic import Field

from sim.compute import Local, Slurm, compute_of
from sim.scenario.errors import InputError, require_member, unknown, wrong
from sim.scenario.load import AS_IS, TREE_KEYS, resolve
from sim.scenario.paths import found, path_of
from sim.scenario.posterior import Draws, read_draws
from sim.scenario.schema import Scenario, Whole
from sim.scenario.tables import read_text, read_tree
from sim.scenario.validate import Strict, checked
from sim.scenario.worlds import worlds_in


def _shipped(name: str) -> Path:
    """Folder beside the package's modules in a wheel, at the top of a checkout otherwise."""
    package = Path(__file__).resolve().parent
    return package / name if (package / name).is_dir() else package.parents[1] / name


CONF, SCENARIOS = _shipped("conf"), _shipped("scenarios")


class Run(Strict):
    """How to run, as opposed to what: the keys of the tree that are not the scenario's."""

    experiment: Annotated[str, Field(min_length=1)]
    runs: Annotated[Whole, Field(ge=1, le=10**9)]
    seed: Annotated[Whole, Field(ge=0, le=2**63 - 1)]
    threads: Annotated[Whole, Field(ge=1, le=1024)] | None
    precision: Annotated[float, Field(gt=0, lt=0.5)] | None
    output: Annotated[str, Field(min_length=1)]
    run: Annotated[Whole, Field(ge=0, le=10**9)]
    detail: Literal["moves", "full"]
    variants: tuple[str, ...] | None
    source: Annotated[str | None, Field(alias="from")]
    into: Annotated[str, Field(min_length=1)] | None
    data: Annotated[str, Field(min_length=1)] | None
    train: Annotated[str, Field(min_length=1)] | None
    fold: Annotated[Whole, Field(ge=2, le=1000)] | None
    outcome: Literal["violence", "severity"]
    params: Annotated[str, Field(min_length=1)] | None
    design: Annotated[str, Field(min_length=1)] | None
    bank: Annotated[str, Field(min_length=1)] | None
    sbc: Annotated[Whole, Field(ge=0, le=100_000)]
    name: Annotated[str, Field(min_length=1)] | None
    points: Annotated[Whole, Field(ge=1, le=10**9)] | None
    over: Any
    keep: Literal["points", "runs"]
    target: str | tuple[str, ...] | None
    threshold: Annotated[float, Field(gt=0, lt=1)] | None
    compute: dict[str, Any]


KEYS = (*(field.alias or name for name, field in Run.model_fields.items()), *TREE_KEYS)
ONE_SEED = "one whole number; a seed is never swept, for runs=N gives more runs of the same question"
GROUPS = ("scenario", "rules", "ladder", "compute")  # keys that choose a file
PATHS = ("output", "into", "data", "train", "params", "design", "bank")  # keys that name a file or a folder
_SHARED = ("rules", "ladder", "parameters", "theory")  # keys that hold of every case alike
Stamp = tuple[str, int, int]  # a file, when it was last changed, and its size
_NAME = re.compile("[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class Settings:
    """All that the command line and the files decide, validated.

    Attributes
    ----------
    scenario : Scenario
        With its variant and all changes applied.
    experiment : str
        Name of what to do; not checked here.
    runs, seed : int
        Number of runs, and the seed that they share.
    threads : int
        At least 1.
    precision : float, optional
        Half-width of the interval of P(war) at which runs end.
    output : Path
        Folder below which each run makes its own; not touched here.
    run : int
        The one run to replay.
    detail : str
        How much of it to tell: moves or full.
    variants : tuple of str, optional
        To compare; which of them the scenario has is not checked here.
    name : str, optional
        Of the scenario that is to be made; `scenario` is then the one to begin from.
    into : Path, optional
        Folder for it, if one was named.
    data, train, params : Path, optional
        Of a back-test: crises, crises to fit baselines on, parameters.
    fold : int, optional
        Number of parts for cross-validated baselines.
    outcome : str
        What is reported crisis by crisis: violence or severity.
    design, bank : Path, optional
        Of a calibration: what is fitted, and the folder of runs made for it.
    sbc : int
        Repetitions of simulation-based calibration.
    campaign : str, optional
        Name of a campaign.
    points : int, optional
        Size of its design.
    keep : str
        What it keeps: points, or runs as well.
    target : tuple of str, optional
        Outcomes that are asked for.
    threshold : float, optional
        Share of runs from which a point counts.
    compute : Local or Slurm
        Where it is computed.
    tree : dict
        The composed plain values, for the manifest.
    overrides, config_dirs : tuple
        As they were given.
    given : frozenset of str
        Keys of the overrides, without what follows their first point.
    """

    scenario: Scenario
    experiment: str
    runs: int
    seed: int
    threads: int
    precision: float | None
    output: Path
    run: int
    detail: str
    variants: tuple[str, ...] | None
    name: str | None
    into: Path | None
    data: Path | None
    train: Path | None
    fold: int | None
    outcome: Literal["violence", "severity"]
    params: Path | None
    design: Path | None
    bank: Path | None
    sbc: int
    campaign: str | None
    points: int | None
    keep: Literal["points", "runs"]
    target: tuple[str, ...] | None
    threshold: float | None
    compute: Local | Slurm
    tree: dict[str, Any]
    overrides: tuple[str, ...]
    config_dirs: tuple[Path, ...]
    given: frozenset[str]

    @property
    def command(self) -> list[str]:
        """Words of the command line that runs this again, from the same folder and whatever the environment."""
        folders = dict.fromkeys((*_named_in_environment(), *map(str, self.config_dirs)))
        options = [word for folder in folders for word in ("--config-dir", folder)]
        return ["python", "-m", "sim", *options, *self.overrides]


@dataclass(frozen=True)
class Command:
    """A command line taken apart; the overrides are not yet looked at."""

    overrides: tuple[str, ...]
    config_dirs: tuple[Path, ...]
    multirun: bool
    help: bool
    version: bool
    show_config: bool


# --- what others call ------------------------------------------------------------------------------


def compose(overrides: Sequence[str] = (), config_dirs: Sequence[str | Path] = ()) -> Settings:
    """Compose the configuration and validate all of it.

    Parameters
    ----------
    overrides : sequence of str
        ``KEY=VALUE`` in Hydra's grammar; a new key needs no ``+``. ``dyads.PRK>USA.stake=2`` and
        ``dyads.PRK.USA.stake=2`` mean the same.
    config_dirs : sequence of path
        Further folders with groups as in `conf`, or with scenarios.

    Raises
    ------
    InputError
        For the first thing that is wrong; nothing has been written.
    """
    places = Places.find(config_dirs)
    typed = [_parsed(text) for text in overrides]
    _require_one_form(typed)
    name, given = _name_to_make(typed, places)
    arguments = [_argument(override, places) for override in given]
    tree = _composed(arguments, places)

    ladder = (tree.get("scenario") or {}).get("ladder")
    chosen = any(override.key_or_group == "ladder" for override in given)
    if isinstance(ladder, str) and not chosen and ladder != tree["ladder"].get("name"):
        require_member("scenario.ladder", ladder, places.options("ladder"))
        tree = _composed([*arguments, f"ladder={ladder}"], places)

    _mark_rules_set_by_hand(tree, given)
    draws = _draws(tree, places)
    for key in tree:
        if key not in KEYS:
            raise unknown("", key, KEYS, what="key")
    run = checked(Run, {key: value for key, value in tree.items() if key not in TREE_KEYS})
    scenario = resolve({key: tree[key] for key in TREE_KEYS if key in tree}, places.worlds, draws)
    scenario = scenario.model_copy(update={"changes": tuple(filter(alters, overrides))})
    tree |= run.model_dump(by_alias=True)  # as they were understood: runs=1e4 is shown and kept as 10000
    if tree["horizon_weeks"] is not None:
        tree["horizon_weeks"] = scenario.horizon_weeks
    return Settings(
        scenario=scenario,
        experiment=run.experiment,
        runs=run.runs,
        seed=run.seed,
        threads=run.threads or os.cpu_count() or 1,
        precision=run.precision,
        output=path_of("output", run.output),
        run=run.run,
        detail=run.detail,
        variants=run.variants,
        name=name,
        into=_path("into", run.into),
        data=_path("data", run.data),
        train=_path("train", run.train),
        fold=run.fold,
        outcome=run.outcome,
        params=_path("params", run.params),
        design=_path("design", run.design),
        bank=_path("bank", run.bank),
        sbc=run.sbc,
        campaign=run.name,
        points=run.points,
        keep=run.keep,
        target=(run.target,) if isinstance(run.target, str) else run.target,
        threshold=run.threshold,
        compute=compute_of(run.compute),
        tree=tree,
        overrides=tuple(overrides),
        config_dirs=tuple(Path(path) for path in config_dirs),
        given=frozenset(override.key_or_group.partition(".")[0] for override in typed),
    )


def alters(override: str) -> bool:
    """Whether an override alters a scenario, and does not merely choose it or say how to run it."""
    key = _parsed(override).key_or_group
    return key.partition(".")[0] in TREE_KEYS and key not in ("scenario", "variant")


def _path(key: str, text: str | None) -> Path | None:
    return path_of(key, text) if text else None


def load(name: str, overrides: Sequence[str] = (), config_dirs: Sequence[str | Path] = ()) -> Scenario:
    """Load a scenario by name, with overrides as on the command line.

    Parameters
    ----------
    name : str
        One of those that `python -m sim experiment=list` names.
    overrides : sequence of str
        As ``["variant=NAME", "states.RUS.committed=0.1"]``.
    config_dirs : sequence of path
        Folders with scenarios and worlds of your own, beside those of `SIM_SCENARIO_PATH`.

    Returns
    -------
    Scenario

    Raises
    ------
    InputError
        If the name or an override is not valid.
    """
    if isinstance(overrides, str):
        raise wrong("overrides", overrides, "a list of texts such as ['variant=NAME']")
    require_member("scenario", name, Places.find(config_dirs).scenarios)
    return compose([f"scenario={name}", *overrides], config_dirs).scenario


def load_variants(
    name: str, variants: Sequence[str] = (), overrides: Sequence[str] = (), config_dirs: Sequence[str | Path] = ()
) -> dict[str, Scenario]:
    """Load a scenario under several of its variants, by name, to be set beside each other (`sim.compare`).

    Parameters
    ----------
    name : str
        Of the scenario.
    variants : sequence of str
        Two or more; `as_is` is the scenario without a variant, and what they are compared with stands first. By
        default `as_is` and all of them.
    overrides, config_dirs
        As of `sim.load`; they hold of every variant alike.

    Raises
    ------
    InputError
        If a name or an override is not valid, or there are fewer than two.
    """
    for key, given in (("variants", variants), ("overrides", overrides)):
        if isinstance(given, str):
            raise wrong(key, given, "a list of texts")
    require_member("scenario", name, Places.find(config_dirs).scenarios)
    listed = [f"variants=[{','.join(variants)}]"] if variants else []
    return compared(compose([f"scenario={name}", *listed, *overrides], config_dirs))


def recompose(tree: dict[str, Any], config_dirs: Sequence[str | Path] = ()) -> Iterator[Scenario]:
    """Yield the scenarios that a composed tree may stand for: it does not say which joint sample its rules had.

    Parameters
    ----------
    tree : dict
        What `Settings.tree` was.
    config_dirs : sequence of path
        Further folders, as they were given then.

    Raises
    ------
    InputError
        If a folder, the world, or what the tree changes in it is no longer there.
    """
    places = Places.find(config_dirs)
    kept = {key: tree[key] for key in TREE_KEYS if key in tree}
    for table in (*places.samples.values(), None):
        yield resolve(kept, places.worlds, read_draws(table) if table else None)


def compose_variants(settings: Settings) -> None:
    """Validate every variant of a scenario, with the other choices of a command.

    Raises
    ------
    InputError
        For the first thing that is wrong in one.
    """
    for variant in settings.tree["scenario"].get("variants") or {}:
        with_variant(settings, variant)


def compared(settings: Settings) -> dict[str, Scenario]:
    """Load the variants that are to be compared, by name, with the other choices of a command; by default all of them.

    Raises
    ------
    InputError
        For a variant that the scenario does not have, one that is named twice, or fewer than two.
    """
    known = (AS_IS, *(settings.tree["scenario"].get("variants") or {}))
    names = known if settings.variants is None else settings.variants
    for name in names:
        require_member("variants", name, known)
    if len(known) < 2:
        problem = f"cannot be compared: {settings.scenario.name} declares no variant; save some in its file (variants)"
        raise InputError(problem, key="variants")
    if len(names) < 2 or len(set(names)) < len(names):
        raise wrong("variants", list(names), f"two or more of {', '.join(known)}, each once: variants=[{known[0]},...]")
    return {name: with_variant(settings, None if name == AS_IS else name) for name in names}


def with_variant(settings: Settings, variant: str | None) -> Scenario:
    """Return the scenario of a command under a variant, or under none, with the other choices of the command.

    Raises
    ------
    InputError
        If there is no such variant, or something does not fit it.
    """
    if variant is not None:
        require_member("variant", variant, settings.tree["scenario"].get("variants") or {})
    others = [text for text in settings.overrides if _parsed(text).key_or_group != "variant"]
    return compose([*others, f"variant={'null' if variant is None else variant}"], settings.config_dirs).scenario


def typed_keys(settings: Settings) -> list[str]:
    """Return the dotted keys that a command sets, without those that choose a file."""
    keys = [_parsed(text).key_or_group for text in settings.overrides]
    return [key for key in keys if key not in GROUPS]


def cases(settings: Settings) -> list[Scenario]:
    """Load the scenarios that say what happened, or the one that was chosen, with the other choices of a command.

    Raises
    ------
    InputError
        If the chosen scenario does not say what happened, or there is none that does.
    """
    places = Places.find(settings.config_dirs)
    told = re.compile("^observed:", re.MULTILINE)  # by its text: a scenario that does not parse may be no case at all
    known = [name for name, file in places.scenarios.items() if told.search(read_text(file))]
    if "scenario" in settings.given:
        require_member("scenario", _named(settings), known)
        return [settings.scenario]
    if not known:
        raise InputError("says what happened (observed) in no scenario that is found here", key="scenario")
    shared = [text for text in settings.overrides if _parsed(text).key_or_group.partition(".")[0] in _SHARED]
    return [load(name, shared, settings.config_dirs) for name in known]


def _named(settings: Settings) -> object:
    return next(o.value() for o in map(_parsed, reversed(settings.overrides)) if o.key_or_group == "scenario")


def available(config_dirs: Sequence[str | Path] = ()) -> dict[str, str]:
    """Title of every scenario that can be named, by name; a file that cannot be read says so in its place."""
    titles = {}
    for name, file in Places.find(config_dirs).scenarios.items():
        try:
            titles[name] = str(read_tree(file).get("title", ""))
        except InputError as error:
            titles[name] = str(error)
    return titles


def expand(overrides: Sequence[str]) -> list[list[str]]:
    """Return the overrides of each run of a multirun, in Hydra's order: the last sweep varies fastest.

    ``["runs=5", "variant=a,b"]`` becomes ``[["runs=5", "variant=a"], ["runs=5", "variant=b"]]``.

    Raises
    ------
    InputError
        If an override does not parse, is a glob, or gives several seeds.
    """
    return [list(point) for point in itertools.product(*(_values(text) for text in overrides))]


def parse_command_line(argv: Sequence[str]) -> Command:
    """Take a command line apart into overrides and the few options that begin with a dash.

    Raises
    ------
    InputError
        For an unknown option, or one that lacks its value.
    """
    parser = _Parser(add_help=False, allow_abbrev=False)
    parser.add_argument("overrides", nargs="*")
    parser.add_argument("--config-dir", "-cd", action="append", default=[], type=Path)
    parser.add_argument("--multirun", "-m", action="store_true")
    parser.add_argument("--help", "-h", action="store_true")
    parser.add_argument("--version", action="store_true")
    parser.add_argument("--cfg", "-c", choices=("job",))
    read = parser.parse_intermixed_args(argv)
    return Command(
        overrides=tuple(read.overrides),
        config_dirs=tuple(read.config_dir),
        multirun=read.multirun,
        help=read.help,
        version=read.version,
        show_config=read.cfg is not None,
    )


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        options = "--config-dir DIR (-cd), --multirun (-m), --cfg job, --help, --version; all else is KEY=VALUE"
        raise InputError(f"{message}; allowed: {options}", key="command line")


# --- where things are ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Places:
    """Folders that may hold configuration, scenarios and worlds, and the scenarios found there by name."""

    config_dirs: tuple[Path, ...]
    folders: tuple[Path, ...]
    scenarios: dict[str, Path]

    @classmethod
    def find(cls, config_dirs: Iterable[str | Path] = ()) -> Places:
        """Look for everything that can be named.

        Raises
        ------
        InputError
            If a folder does not exist, or two scenarios have one name.
        """
        own = tuple(_folder("SIM_SCENARIO_PATH", text) for text in _named_in_environment())
        extra = tuple(_folder("--config-dir", path) for path in config_dirs)
        groups = tuple(path / "scenario" for path in extra if (path / "scenario").is_dir())
        folders = tuple(dict.fromkeys((SCENARIOS.resolve(), *own, *extra, *groups)))
        scenarios: dict[str, Path] = {}
        for folder in folders:
            for file in (*sorted(folder.glob("*.yaml")), *sorted(folder.glob("history/*.yaml"))):
                name = file.relative_to(folder).with_suffix("").as_posix()
                if name in scenarios:
                    problem = f"two scenarios have this name: {scenarios[name]} and {file}; rename one"
                    raise InputError(problem, key="scenario", value=name)
                if name != "config":
                    scenarios[name] = file
        return cls(extra, folders, scenarios)

    @property
    def worlds(self) -> list[Path]:
        """Folders whose subfolders are worlds."""
        return [folder / "worlds" for folder in self.folders]

    @property
    def world_folders(self) -> dict[str, Path]:
        """Folder of every world, by name."""
        return {name: world for folder in self.worlds for name, world in worlds_in(folder)}

    def files(self, group: str) -> dict[str, Path]:
        """File of every option of a group, by name."""
        if group == "scenario":
            return self.scenarios
        files = (file for root in (CONF, *self.config_dirs) for file in (root / group).glob("*.yaml"))
        return {file.stem: file for file in sorted(files)}

    def stamps(self) -> tuple[Stamp, ...]:
        """Return when every file that can be chosen was last changed."""
        own = [path for folder in self.config_dirs for path in (*folder.glob("*.yaml"), *folder.glob("*/*.yaml"))]
        files = {*CONF.glob("*.yaml"), *CONF.glob("*/*.yaml"), *own, *self.scenarios.values()}
        stats = [(str(file), file.stat()) for file in sorted(files)]
        return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)

    @property
    def samples(self) -> dict[str, Path]:
        """Table of every joint sample of rules, by name."""
        folders = (CONF, *self.config_dirs)
        return {file.stem: file for folder in folders for file in sorted((folder / "rules").glob("*.csv"))}

    def options(self, group: str) -> list[str]:
        """Names of a group's options."""
        return sorted(self.files(group)) if group != "scenario" else list(self.scenarios)


def _folder(key: str, path: str | Path) -> Path:
    folder = path_of(key, path)
    if found(key, folder) != "folder":
        raise wrong(key, str(path), "a folder that exists")
    return folder.resolve()


def _named_in_environment() -> list[str]:
    return [text for text in os.environ.get("SIM_SCENARIO_PATH", "").split(os.pathsep) if text]


@lru_cache(maxsize=64)
def _read(file: Path, changed: int, size: int) -> bytes:
    """Content of a file as it was when last changed: a session composes the same few files over and over."""
    return pickle.dumps(OmegaConf.create(read_tree(file)))  # a copy by pickle takes half the time of deepcopy


class TreeSource(ConfigSource):
    """Hydra's view of a folder of our own, read by our reader: a tenth of the time of Hydra's, and stricter."""

    @staticmethod
    def scheme() -> str:
        """Return the scheme of such folders in Hydra's search path."""
        return "trees"

    def load_config(self, config_path: str) -> ConfigResult:
        """Read one file."""
        file = self._file(config_path)
        stamp = file.stat()
        tree = pickle.loads(_read(file, stamp.st_mtime_ns, stamp.st_size))
        return ConfigResult(self.provider, self.full_path(), tree, header={"package": None})

    def available(self) -> bool:
        """Whether the folder exists."""
        return Path(self.path).is_dir()

    def is_group(self, config_path: str) -> bool:
        """Whether a path is a group, that is, a folder."""
        return Path(self.path, config_path).is_dir()

    def is_config(self, config_path: str) -> bool:
        """Whether a path is a file that can be chosen."""
        return self._file(config_path).is_file()

    def list(self, config_path: str, results_filter: ObjectType | None) -> list[str]:
        """Names below a path, for Hydra's messages."""
        return sorted(file.stem for file in Path(self.path, config_path).glob("*.yaml"))

    def _file(self, config_path: str) -> Path:
        return Path(self.path, config_path.removesuffix(".yaml") + ".yaml")


class ScenarioSource(TreeSource):
    """The same of a folder of scenarios: each file is an option of the group `scenario`."""

    @staticmethod
    def scheme() -> str:
        """Return the scheme of such folders in Hydra's search path."""
        return "scenarios"

    def is_group(self, config_path: str) -> bool:
        """Whether a path is the group."""
        return config_path in ("", "scenario")

    def is_config(self, config_path: str) -> bool:
        """Whether a path is a scenario of this folder."""
        return config_path.startswith("scenario/") and self._file(config_path).is_file()

    def list(self, config_path: str, results_filter: ObjectType | None) -> list[str]:
        """Names below a path, for Hydra's messages."""
        if config_path == "scenario":
            return super().list("", results_filter)
        return ["scenario"] if config_path == "" else []

    def load_config(self, config_path: str) -> ConfigResult:
        """Read one scenario, which is called as its file is."""
        read, name = super().load_config(config_path), config_path.removeprefix("scenario/").removesuffix(".yaml")
        if isinstance(read.config, DictConfig) and read.config.get("name", name) != name:
            raise wrong("name", read.config.name, f"{name!r}, as the file is called", str(self._file(config_path)))
        return read

    def _file(self, config_path: str) -> Path:
        return super()._file(config_path.removeprefix("scenario/"))


class OwnReader(SearchPathPlugin):
    """Lets Hydra read our folder as `trees` before it reads it as files; other applications keep their path."""

    def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
        """Put our reader before Hydra's, where our folder is the main one."""
        if any((place.provider, place.path) == ("main", str(CONF)) for place in search_path.get_path()):
            search_path.prepend("sim", f"trees://{CONF}", "main")


Plugins.instance().register(OwnReader)
Plugins.instance().register(TreeSource)
Plugins.instance().register(ScenarioSource)


# --- overrides -------------------------------------------------------------------------------------


@cache
def _parser() -> OverridesParser:
    return OverridesParser.create()


def _parsed(text: str, sweeps: bool = False) -> Override:
    """Take an override apart; one that stands for several values only where `sweeps` are meant."""
    key, equals, value = text.partition("=")
    odd = re.search(r"[^\w./,$-]", value, re.ASCII) or (key == "name" and re.fullmatch(r"[\w.-]+", value))
    if key in (*PATHS, "name") and odd and value != "null" and value[0] not in "'\"":
        value = "'" + value.replace("'", "\\'") + "'"  # whatever a folder or a campaign may be called
    if not equals and not key.startswith("~"):
        raise InputError("has no value; overrides are KEY=VALUE", key=text, value=text, nearest=_guess(text))
    if key.lstrip("+~").startswith("dyads."):
        key = key.replace(">", ".")  # which Hydra's grammar has no place for
    try:
        override = _parser().parse_override(key + equals + value)
    except HydraException as error:
        raise InputError(f"does not parse as KEY=VALUE: {error}", key=text, value=text) from None
    name = override.key_or_group
    if not name or override.package is not None:
        raise InputError("does not parse as KEY=VALUE", key=text, value=text)
    if override.is_sweep_override() and name == "seed":
        raise wrong(name, value, ONE_SEED)
    if override.is_sweep_override() and not sweeps:
        expected = "one value: a decimal takes a point (0.1), text with commas quotes, a list brackets, several runs -m"
        raise wrong(name, value, expected)
    return override


def _guess(text: str) -> str | None:
    """Return what was meant by a scenario's name alone, the likeliest slip; a case may go without its group."""
    names = {short: name for name in available() for short in (name.rpartition("/")[2], name)}
    return f"scenario={names[text]}" if text in names else None


def _values(text: str) -> list[str]:
    override = _parsed(text, sweeps=True)
    if not override.is_sweep_override():
        return [text]
    try:
        return [f"{override.get_key_element()}={value}" for value in override.sweep_string_iterator()]
    except HydraException:
        expected = "values separated by commas, or range(START,STOP,STEP)"
        raise wrong(override.key_or_group, text.partition("=")[2], expected) from None


def _argument(override: Override, places: Places) -> str:
    """Return an override as Hydra takes it; the schema, not Hydra, judges whether its key exists."""
    key = override.key_or_group
    if key in GROUPS:
        if not override.is_delete():
            require_member(key, override.value(), places.options(key))
        return str(override.input_line)
    root = key.partition(".")[0]
    if root not in KEYS:
        raise unknown("", root, KEYS, what="key")
    if override.is_delete():
        return str(override.input_line)
    return f"++{str(override.input_line).lstrip('+')}"


def _require_one_form(given: Iterable[Override]) -> None:
    """Refuse a list or a file of keys beside keys one by one: the later would take the place of the other, unsaid."""
    single = [override.key_or_group for override in given if override.key_or_group.startswith("over.")]
    for override in given:
        if single and override.key_or_group == "over" and not isinstance(override.value(), dict):
            value = str(override.input_line).partition("=")[2]
            own = "over.KEY=null takes the scenario's own range"
            raise InputError(f"cannot be given beside {single[0]}; give every key so ({own})", key="over", value=value)


def _name_to_make(given: list[Override], places: Places) -> tuple[str | None, list[Override]]:
    """Where a scenario is to be made, take its name out: what is composed is the one that it begins from.

    Raises
    ------
    InputError
        If the name is missing, not fit for one, or that of a scenario, or if there is none to begin from.
    """
    values = {override.key_or_group: override.value() for override in given if not override.is_delete()}
    if values.get("experiment") != "new":
        return None, given
    if "scenario" not in values:
        raise InputError("is missing: the name of the new scenario", key="scenario")
    name = str(values["scenario"])
    word = isinstance(values["scenario"], str) and yaml.safe_load(name) == name  # nan is a number, no a truth
    if not word or not _NAME.fullmatch(name) or name == "config":
        expected = "a small letter, then small letters, digits and _, such as my_strike; not yes, no or nan"
        raise wrong("scenario", values["scenario"], expected)
    if name in places.scenarios:
        problem = f"{name!r} is a scenario already: {places.scenarios[name]}; choose another name"
        raise InputError(problem, key="scenario", value=name)
    rest = [override for override in given if override.key_or_group != "scenario"]
    if values.get("from") is not None:
        require_member("from", values["from"], places.scenarios)
        rest.append(_parsed(f"scenario={values['from']}"))
    return name, rest


def _draws(tree: dict[str, Any], places: Places) -> Draws | None:
    """Read the joint sample that a set of rules names, from the table that lies beside it."""
    rules = tree.get("rules")
    name = rules.pop("draws", None) if isinstance(rules, dict) else None
    if name is None:
        return None
    require_member("rules.draws", name, places.samples)
    return read_draws(places.samples[name])


def _mark_rules_set_by_hand(tree: dict[str, Any], given: Iterable[Override]) -> None:
    """Take the source from rules that were altered in part, and keep variants from altering them again."""
    for override in given:
        root, _, rest = override.key_or_group.partition(".")
        rule = (tree.get("rules") or {}).get(rest.partition(".")[0]) if root == "rules" and rest else None
        if isinstance(rule, dict):
            rule |= {"source": "command line", "confidence": "override"}


# --- Hydra -----------------------------------------------------------------------------------------


def _composed(arguments: Sequence[str], places: Places) -> dict[str, Any]:
    """Compose plain values, or give Hydra's complaint in one paragraph."""
    # Values laid over what Hydra has composed are merged as it would do; the rest it does itself.
    values = [argument for argument in arguments if argument.startswith("++")]
    rest = tuple(argument for argument in arguments if not argument.startswith("++"))
    if any(argument.startswith("~") for argument in rest):
        values, rest = [], tuple(arguments)
    try:
        base = _base(rest, places.folders, places.config_dirs, places.stamps())
        tree: dict[str, Any] = pickle.loads(base)
        overrides = [_parser().parse_override(argument) for argument in values]
        if any(mark in text for text in (repr(tree), *values) for mark in ("${", "???")):
            config = OmegaConf.create(tree)
            for override in overrides:
                _lay_over(config, override)
            return _plain(config)
        for override in overrides:
            _lay_over_branch(tree, override)
        return tree
    except InputError:
        raise
    except (HydraException, OmegaConfBaseException, yaml.YAMLError, OSError, ValueError) as error:
        raise _complaint(error) from None


@lru_cache(maxsize=64)
def _base(
    arguments: tuple[str, ...], folders: tuple[Path, ...], config_dirs: tuple[Path, ...], stamps: tuple[Stamp, ...]
) -> bytes:
    """What Hydra composes; once for each choice of files, for it takes longer than all that follows."""
    search = [f"scenarios://{folder}" for folder in folders]
    search += [f"file://{folder}" for folder in config_dirs]
    quoted = ",".join("'" + path.replace("'", r"\'") + "'" for path in search)
    with _initialized():
        config = hydra_compose("config", overrides=[*arguments, f"hydra.searchpath=[{quoted}]"])
    return pickle.dumps(OmegaConf.to_container(config))


def _plain(config: DictConfig) -> dict[str, Any]:
    tree = OmegaConf.to_container(config, resolve=True, throw_on_missing=True)
    assert isinstance(tree, dict)
    return {str(key): value for key, value in tree.items()}


def _lay_over(config: DictConfig, override: Override) -> None:
    """Put one value in its place, as Hydra does for a key with ++."""
    key, value = override.key_or_group, override.value()
    try:
        OmegaConf.update(config, key, value, merge=True, force_add=True)
    except OmegaConfBaseException as error:
        raise _misfit(key, str(override.input_line).partition("=")[2]) from error


def _lay_over_branch(tree: dict[str, Any], override: Override) -> None:
    """Do the same to plain values; OmegaConf takes long for each, so it is given those alone that share the key."""
    *above, last = override.key_or_group.split(".")
    branch, path = tree, []
    for name in above:
        if not isinstance(branch.get(name), dict):
            break
        branch = branch[name]
        path.append(name)
    else:
        name = last
    around: Any = {name: branch[name]} if name in branch else branch
    for outer in reversed(path):
        around = {outer: around}
    config = OmegaConf.create(around)
    _lay_over(config, override)
    found = _plain(config)
    for name in path:
        found = found[name]
    branch.update(found)


def _misfit(key: str, value: object) -> InputError:
    return wrong(key, value, "what fits the key: one value, or parts in braces as {low:0,centre:0.1,high:0.2}")


def _complaint(error: Exception) -> InputError:
    """Return what OmegaConf could not do, with the key at which it stopped."""
    override = re.match(r"Error merging override \+*([^=]+)=(.*)", str(error))
    if override is not None:
        key, value = override.groups()
        return _misfit(key, value)
    because = error if isinstance(error, OmegaConfBaseException) else error.__cause__
    if isinstance(because, OmegaConfBaseException) and because.full_key:
        return InputError(f"cannot be composed: {str(because).splitlines()[0]}", key=because.full_key)
    more = f": {error.__cause__}" if error.__cause__ else ""
    return InputError(f"cannot be composed: {error}{more}", key="configuration")


@contextmanager
def _initialized() -> Iterator[None]:
    """Hydra on our folder, without disturbing a Hydra application that we are called from."""
    hydra = GlobalHydra.instance().hydra
    GlobalHydra.instance().clear()
    try:
        with initialize_config_dir(str(CONF), job_name="sim", version_base="1.3"):
            yield
    finally:
        GlobalHydra.instance().hydra = hydra
