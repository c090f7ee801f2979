"""A package whose names are loaded when they are first used has each of them, and no other."""

from importlib import import_module
from pkgutil import iter_modules

import pytest

PACKAGES = ("engine.rules", "engine.export", "engine.modules", "engine.lab.imports")


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_of_a_package_is_there(package):
    module = import_module(package)
    assert len(module.__all__) > 0
    assert all(getattr(module, name) is not None for name in module.__all__)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_name_that_a_package_does_not_have_is_refused_by_that_name(package):
    with pytest.raises(AttributeError, match="'a_name_of_nothing'"):
        import_module(package).a_name_of_nothing  # noqa: B018


@pytest.mark.parametrize("package", [*PACKAGES, "evenband"])
def test_no_public_name_is_that_of_a_module_which_would_take_its_place_once_it_is_loaded(package):
    module = import_module(package)
    modules = {one.name for one in iter_modules(module.__path__)}
    assert not modules & set(module.__all__)
