"""How a model asks to be sampled: by its file, else by what its makers published, else as suits most models."""

import msgspec

from app.chat.options import Sampling, SamplingAdvice, SamplingSource, Thinking
from app.library.model_file import ModelFile
from app.library.published_sampling import SuggestedSampling


def advice(file: ModelFile, thinking: Thinking) -> tuple[SamplingAdvice, SamplingAdvice | None]:
    """The advice for its replies, and for those without thinking where that is another one.

    A model that never thinks is sampled as one that thinks is when it does not.
    """
    usual = _over_published(file, quick=False)
    quick = _over_published(file, quick=True)
    if thinking.kind == "none":
        return quick, None
    return usual, quick if "off" in thinking.choices and quick != usual else None


def _over_published(file: ModelFile, *, quick: bool) -> SamplingAdvice:
    published = file.published
    elsewhere = SuggestedSampling()
    if published is not None:
        elsewhere = published.quick if quick and published.quick is not None else published.values
    said = file.sampling.given() if file.sampling is not None else {}
    more = {name: value for name, value in elsewhere.given().items() if name not in said}
    values = msgspec.convert({**msgspec.structs.asdict(Sampling()), **more, **said}, Sampling)
    sources: dict[str, SamplingSource] = dict.fromkeys(more, "published")
    sources.update(dict.fromkeys(said, "file"))
    return SamplingAdvice(values, sources, published.reference if published is not None and more else "")
