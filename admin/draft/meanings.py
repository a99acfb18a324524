"""Which meanings an option, a field or a decision may carry."""

from core.workflow.terms import ACHIEVED, SET_MEANINGS, Meaning

OPTION_MEANINGS = (
    Meaning.SETTLED,
    Meaning.REMEDY_REFUND,
    Meaning.REMEDY_RETURN,
    Meaning.REMEDY_NOTHING,
    Meaning.QUALITY_SOUND,
    Meaning.QUALITY_DEFECT,
    *ACHIEVED,
)
FIELD_MEANINGS = (
    Meaning.TOPIC,
    Meaning.ENTERED,
    Meaning.GIVEN_BUYER,
    Meaning.GIVEN_MERCHANT,
    Meaning.QUALITY,
    Meaning.REMARK,
)
NO_DECISION = {
    *(set(OPTION_MEANINGS) - {Meaning.SETTLED, Meaning.REMEDY_RETURN, Meaning.REMEDY_NOTHING}),
    *FIELD_MEANINGS,
    *SET_MEANINGS,
    Meaning.LIABILITY,
}
DECISION_MEANINGS = tuple(meaning for meaning in Meaning if meaning not in NO_DECISION)
