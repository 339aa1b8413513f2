"""A kept wheel of llama.cpp is taken again when it has all that is asked for, and only then."""

from pathlib import Path

import pytest

import recipe as recipes
from recipe import Recipe

CPU = Recipe(frozenset())
VULKAN = Recipe(frozenset({"vulkan"}))
BOTH = Recipe(frozenset({"vulkan", "cuda"}), (("CMAKE_CUDA_ARCHITECTURES", "90"),))


def _keep(wheels: Path, recipe: Recipe) -> Path:
    wheel = wheels / recipe.key() / f"llama_cpp_python-{recipes.VERSION}-py3-none-any.whl"
    wheel.parent.mkdir(parents=True)
    wheel.touch()
    return wheel


def test_nothing_is_found_where_nothing_was_kept(tmp_path: Path) -> None:
    assert recipes.kept_wheel(tmp_path / "missing", CPU) is None


def test_a_kept_wheel_is_found(tmp_path: Path) -> None:
    wheel = _keep(tmp_path, CPU)
    assert recipes.kept_wheel(tmp_path, CPU) == wheel


def test_a_wheel_with_more_libraries_serves_where_fewer_are_wanted(tmp_path: Path) -> None:
    wheel = _keep(tmp_path, VULKAN)
    assert recipes.kept_wheel(tmp_path, CPU) == wheel


def test_a_wheel_with_fewer_libraries_does_not_serve_where_more_are_wanted(tmp_path: Path) -> None:
    _keep(tmp_path, CPU)
    assert recipes.kept_wheel(tmp_path, VULKAN) is None


def test_the_smallest_wheel_that_serves_is_taken(tmp_path: Path) -> None:
    _keep(tmp_path, VULKAN)
    wheel = _keep(tmp_path, CPU)
    assert recipes.kept_wheel(tmp_path, CPU) == wheel


def test_a_wheel_for_other_gpus_is_not_taken(tmp_path: Path) -> None:
    _keep(tmp_path, BOTH)
    other = Recipe(BOTH.gpus, (("CMAKE_CUDA_ARCHITECTURES", "75"),))
    assert recipes.kept_wheel(tmp_path, other) is None


def test_a_folder_without_its_wheel_is_not_taken(tmp_path: Path) -> None:
    _keep(tmp_path, CPU).unlink()
    assert recipes.kept_wheel(tmp_path, CPU) is None


@pytest.mark.parametrize("name", ["VERSION", "RECIPE"])
def test_another_version_or_recipe_is_another_wheel(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _keep(tmp_path, CPU)
    monkeypatch.setattr(recipes, name, "0.4.0" if name == "VERSION" else 99)
    assert recipes.kept_wheel(tmp_path, CPU) is None


def test_another_flag_is_another_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _keep(tmp_path, CPU)
    monkeypatch.setitem(recipes.CPU_FLAGS, "GGML_OPENMP", "OFF")
    assert recipes.kept_wheel(tmp_path, CPU) is None


@pytest.mark.parametrize("recipe", [CPU, VULKAN, BOTH])
def test_the_key_tells_the_libraries(recipe: Recipe) -> None:
    assert recipes.gpus_in(recipe.key()) == recipe.gpus


def test_a_library_that_is_not_wanted_is_switched_off_in_the_kept_build_folder() -> None:
    flags = VULKAN.flags()
    assert (flags["GGML_VULKAN"], flags["GGML_CUDA"], flags["GGML_METAL"]) == ("ON", "OFF", "OFF")


def test_no_wheel_is_built_for_this_very_processor() -> None:
    assert CPU.flags()["GGML_NATIVE"] == "OFF"
    assert CPU.flags()["GGML_CPU_ALL_VARIANTS"] == "ON"
