"""Number formats have the names and sizes that ggml gives them."""

import gguf

from app.library.quantization import TENSOR_TYPES, file_type_name, tensor_type_name


def test_block_sizes_and_names_are_those_of_ggml() -> None:
    reference = {int(kind): (kind.name, *gguf.GGML_QUANT_SIZES[kind]) for kind in gguf.GGMLQuantizationType}
    ours = {number: tuple(kind) for number, kind in TENSOR_TYPES.items()}
    assert {number: ours.get(number) for number in reference} == reference


def test_file_types_are_called_what_people_call_them() -> None:
    for kind in gguf.LlamaFileType:
        if kind is not gguf.LlamaFileType.GUESSED:
            short = kind.name.removeprefix("MOSTLY_").removeprefix("ALL_").removesuffix("_MOE")
            assert file_type_name(int(kind)) == short


def test_a_guessed_or_unknown_file_type_has_no_name() -> None:
    assert file_type_name(1024 + 15) is None
    assert file_type_name(9999) is None
    assert file_type_name(-1) is None


def test_an_unknown_tensor_type_has_no_name() -> None:
    assert tensor_type_name(12) == "Q4_K"
    assert tensor_type_name(999) is None
