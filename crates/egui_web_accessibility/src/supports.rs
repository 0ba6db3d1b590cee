//! Which roles have which ARIA attributes; browsers and checkers object to others.

/// What an element can be said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Property {
    Checked,
    Pressed,
    Selected,
    Expanded,
    Disabled,
    ReadOnly,
    Required,
    Invalid,
    HasPopup,
    Orientation,
    Multiselectable,
    Level,
    Position,
    Counts,
    RowIndex,
    ColumnIndex,
    Sort,
    AutoComplete,
    ActiveDescendant,
    Range,
    Modal,
}

/// Whether an element of this ARIA role may have the property.
pub(crate) fn supports(role: &str, property: Property) -> bool {
    match property {
        Property::Checked => {
            matches!(role, "checkbox" | "radio" | "switch" | "menuitemcheckbox" | "menuitemradio")
        }
        Property::Pressed => role == "button",
        Property::Selected => matches!(
            role,
            "option" | "tab" | "treeitem" | "gridcell" | "columnheader" | "rowheader"
        ),
        Property::Expanded => matches!(
            role,
            "application"
                | "button"
                | "checkbox"
                | "combobox"
                | "gridcell"
                | "link"
                | "listbox"
                | "menuitem"
                | "tab"
                | "treeitem"
        ),
        Property::Disabled => matches!(
            role,
            "button"
                | "checkbox"
                | "combobox"
                | "gridcell"
                | "group"
                | "link"
                | "listbox"
                | "menu"
                | "menubar"
                | "menuitem"
                | "menuitemcheckbox"
                | "menuitemradio"
                | "option"
                | "radio"
                | "radiogroup"
                | "scrollbar"
                | "searchbox"
                | "separator"
                | "slider"
                | "spinbutton"
                | "switch"
                | "tab"
                | "tablist"
                | "textbox"
                | "toolbar"
                | "tree"
                | "treeitem"
        ),
        Property::ReadOnly => matches!(
            role,
            "checkbox"
                | "combobox"
                | "grid"
                | "gridcell"
                | "listbox"
                | "radiogroup"
                | "searchbox"
                | "slider"
                | "spinbutton"
                | "switch"
                | "textbox"
        ),
        Property::Required => matches!(
            role,
            "checkbox"
                | "combobox"
                | "gridcell"
                | "listbox"
                | "radiogroup"
                | "searchbox"
                | "spinbutton"
                | "textbox"
                | "tree"
        ),
        Property::Invalid => matches!(
            role,
            "application"
                | "checkbox"
                | "combobox"
                | "gridcell"
                | "listbox"
                | "radiogroup"
                | "searchbox"
                | "slider"
                | "spinbutton"
                | "switch"
                | "textbox"
                | "tree"
        ),
        Property::HasPopup => matches!(
            role,
            "application"
                | "button"
                | "combobox"
                | "gridcell"
                | "link"
                | "menuitem"
                | "searchbox"
                | "slider"
                | "tab"
                | "textbox"
                | "treeitem"
        ),
        Property::Orientation => matches!(
            role,
            "listbox"
                | "menu"
                | "menubar"
                | "radiogroup"
                | "scrollbar"
                | "separator"
                | "slider"
                | "tablist"
                | "toolbar"
                | "tree"
        ),
        Property::Multiselectable => matches!(role, "grid" | "listbox" | "tablist" | "tree"),
        Property::Level => matches!(role, "heading" | "listitem" | "treeitem"),
        Property::Position => matches!(
            role,
            "article"
                | "listitem"
                | "menuitem"
                | "menuitemcheckbox"
                | "menuitemradio"
                | "option"
                | "radio"
                | "tab"
                | "treeitem"
        ),
        Property::Counts => matches!(role, "table" | "grid" | "treegrid"),
        Property::RowIndex => {
            matches!(role, "row" | "cell" | "gridcell" | "columnheader" | "rowheader")
        }
        Property::ColumnIndex => matches!(role, "cell" | "gridcell" | "columnheader" | "rowheader"),
        Property::Sort => matches!(role, "columnheader" | "rowheader"),
        Property::AutoComplete => matches!(role, "combobox" | "searchbox" | "textbox"),
        Property::ActiveDescendant => matches!(
            role,
            "application"
                | "combobox"
                | "grid"
                | "group"
                | "listbox"
                | "menu"
                | "menubar"
                | "radiogroup"
                | "searchbox"
                | "tablist"
                | "textbox"
                | "toolbar"
                | "tree"
        ),
        Property::Range => matches!(
            role,
            "meter" | "progressbar" | "scrollbar" | "separator" | "slider" | "spinbutton"
        ),
        Property::Modal => matches!(role, "dialog" | "alertdialog"),
    }
}
