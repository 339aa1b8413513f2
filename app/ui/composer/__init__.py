"""Where a person writes: the field, its Send and Stop button and the line that warns before something is too long."""
