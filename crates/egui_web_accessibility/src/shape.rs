//! Which element shows a role: a native one where browsers give assistive technology more with it, else a
//! `div` with an ARIA role.

use egui::accesskit::Role;

/// An element to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tag {
    /// `<div>`.
    Div,
    /// `<button type="button">`.
    Button,
    /// `<input>` of this type.
    Input(&'static str),
    /// `<textarea>`.
    TextArea,
}

impl Tag {
    /// Whether a person writes text into it.
    pub fn is_field(self) -> bool {
        matches!(self, Self::TextArea) || matches!(self, Self::Input(kind) if kind != "range")
    }
}

/// Where the name of an element comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Naming {
    /// From the text in it, and from `aria-label` where it has no text of its own.
    Text,
    /// From `aria-label`; a text in it is its content.
    Label,
    /// It can't have a name; the text in it is all there is.
    Forbidden,
}

/// How a node looks in the page, apart from its attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) tag: Tag,
    /// The ARIA role; `None` where the element has the right one of its own, or none.
    pub(crate) role: Option<&'static str>,
    pub(crate) naming: Naming,
}

const fn div(role: &'static str, naming: Naming) -> Shape {
    Shape { tag: Tag::Div, role: Some(role), naming }
}

const fn input(kind: &'static str) -> Shape {
    Shape { tag: Tag::Input(kind), role: None, naming: Naming::Label }
}

/// A text without a role.
pub(crate) const TEXT: Shape = Shape { tag: Tag::Div, role: None, naming: Naming::Forbidden };
/// What has a name and contents, and no role that is known.
pub(crate) const GROUP: Shape = div("group", Naming::Label);
/// Something to press.
pub(crate) const BUTTON: Shape = Shape { tag: Tag::Button, role: None, naming: Naming::Text };

impl Shape {
    /// The shape of a role, whatever stands around it. `None` for what is no element of its own: it has
    /// no meaning for a person, and what is in it belongs to what it is in.
    pub(crate) fn of(role: Role) -> Option<Self> {
        use Naming::{Forbidden, Label, Text};
        Some(match role {
            Role::Unknown
            | Role::GenericContainer
            | Role::TextRun
            | Role::Pane
            | Role::Window
            | Role::ScrollView
            | Role::LayoutTable
            | Role::LayoutTableRow
            | Role::LayoutTableCell
            | Role::LineBreak
            | Role::Caret
            | Role::ImeCandidate
            | Role::IframePresentational
            | Role::ListMarker => return None,

            Role::Label
            | Role::Caption
            | Role::FigureCaption
            | Role::Legend
            | Role::Abbr
            | Role::Mark
            | Role::Keyboard
            | Role::Ruby
            | Role::RubyAnnotation
            | Role::TitleBar => TEXT,
            Role::Paragraph => div("paragraph", Forbidden),
            Role::Code => div("code", Forbidden),
            Role::Emphasis => div("emphasis", Forbidden),
            Role::Strong => div("strong", Forbidden),
            Role::ContentInsertion | Role::Suggestion => div("insertion", Forbidden),
            Role::ContentDeletion => div("deletion", Forbidden),
            Role::Term => div("term", Forbidden),
            Role::Definition => div("definition", Forbidden),
            Role::Time => div("time", Forbidden),
            Role::Blockquote | Role::DocPullquote => div("blockquote", Label),
            Role::Note | Role::Comment | Role::DocTip | Role::DocNotice => div("note", Label),
            Role::Math => div("math", Label),
            Role::Heading | Role::DocSubtitle => div("heading", Text),

            Role::Button | Role::DefaultButton | Role::DisclosureTriangle | Role::ColorWell => {
                BUTTON
            }
            Role::Link
            | Role::DocBackLink
            | Role::DocBiblioRef
            | Role::DocGlossRef
            | Role::DocNoteRef => div("link", Text),
            Role::CheckBox => div("checkbox", Text),
            Role::RadioButton => div("radio", Text),
            Role::Switch => div("switch", Text),
            Role::Slider => input("range"),
            Role::SpinButton => div("spinbutton", Label),
            Role::ScrollBar => div("scrollbar", Label),
            Role::Splitter => div("separator", Label),
            Role::ProgressIndicator => div("progressbar", Label),
            Role::Meter => div("meter", Label),
            Role::ComboBox => Shape { tag: Tag::Button, role: Some("combobox"), naming: Label },
            Role::EditableComboBox => {
                Shape { tag: Tag::Input("text"), role: Some("combobox"), naming: Label }
            }

            // Of the others `selectionStart` can't be asked for, or the browser reads the text itself.
            Role::TextInput
            | Role::EmailInput
            | Role::NumberInput
            | Role::DateInput
            | Role::DateTimeInput
            | Role::WeekInput
            | Role::MonthInput
            | Role::TimeInput => input("text"),
            Role::SearchInput => input("search"),
            Role::PasswordInput => input("password"),
            Role::PhoneNumberInput => input("tel"),
            Role::UrlInput => input("url"),
            Role::MultilineTextInput | Role::Terminal => {
                Shape { tag: Tag::TextArea, role: None, naming: Label }
            }

            Role::ListBox | Role::MenuListPopup => div("listbox", Label),
            Role::ListBoxOption | Role::MenuListOption => div("option", Text),
            Role::Menu => div("menu", Label),
            Role::MenuBar => div("menubar", Label),
            Role::MenuItem => div("menuitem", Text),
            Role::MenuItemCheckBox => div("menuitemcheckbox", Text),
            Role::MenuItemRadio => div("menuitemradio", Text),
            Role::List | Role::DescriptionList | Role::DocBibliography => div("list", Label),
            Role::ListItem | Role::DocBiblioEntry | Role::DocEndnote => div("listitem", Label),
            Role::Tree => div("tree", Label),
            Role::TreeItem => div("treeitem", Text),
            Role::TabList => div("tablist", Label),
            Role::Tab => div("tab", Text),
            Role::TabPanel => div("tabpanel", Label),
            Role::RadioGroup => div("radiogroup", Label),
            Role::Table => div("table", Label),
            Role::Grid | Role::ListGrid => div("grid", Label),
            Role::TreeGrid => div("treegrid", Label),
            Role::RowGroup => div("rowgroup", Label),
            Role::Row => div("row", Label),
            Role::Cell => div("cell", Text),
            Role::GridCell => div("gridcell", Text),
            Role::ColumnHeader => div("columnheader", Text),
            Role::RowHeader => div("rowheader", Text),

            Role::Image
            | Role::GraphicsObject
            | Role::GraphicsSymbol
            | Role::GraphicsDocument
            | Role::SvgRoot
            | Role::Canvas
            | Role::DocCover => div("img", Label),
            Role::Figure => div("figure", Label),
            Role::Alert => div("alert", Label),
            Role::AlertDialog => div("alertdialog", Label),
            Role::Dialog => div("dialog", Label),
            Role::Status => div("status", Label),
            Role::Log => div("log", Label),
            Role::Timer => div("timer", Label),
            Role::Marquee => div("marquee", Label),
            Role::Tooltip => div("tooltip", Text),
            Role::Toolbar => div("toolbar", Label),
            Role::Application => div("application", Label),
            Role::Article => div("article", Label),
            Role::Document | Role::RootWebArea | Role::WebView | Role::PdfRoot => {
                div("document", Label)
            }
            Role::Feed => div("feed", Label),
            Role::Form => div("form", Label),
            Role::Search => div("search", Label),
            Role::Main => div("main", Label),
            Role::Navigation | Role::DocToc | Role::DocIndex | Role::DocPageList => {
                div("navigation", Label)
            }
            Role::Banner => div("banner", Label),
            Role::Complementary => div("complementary", Label),
            Role::ContentInfo => div("contentinfo", Label),
            Role::Region => div("region", Label),

            Role::Audio
            | Role::Details
            | Role::DocAbstract
            | Role::DocAcknowledgements
            | Role::DocAfterword
            | Role::DocAppendix
            | Role::DocChapter
            | Role::DocColophon
            | Role::DocConclusion
            | Role::DocCredit
            | Role::DocCredits
            | Role::DocDedication
            | Role::DocEndnotes
            | Role::DocEpigraph
            | Role::DocEpilogue
            | Role::DocErrata
            | Role::DocExample
            | Role::DocFootnote
            | Role::DocForeword
            | Role::DocGlossary
            | Role::DocIntroduction
            | Role::DocPageBreak
            | Role::DocPageFooter
            | Role::DocPageHeader
            | Role::DocPart
            | Role::DocPreface
            | Role::DocPrologue
            | Role::DocQna
            | Role::EmbeddedObject
            | Role::Footer
            | Role::Group
            | Role::Header
            | Role::Iframe
            | Role::PdfActionableHighlight
            | Role::PluginObject
            | Role::Section
            | Role::SectionFooter
            | Role::SectionHeader
            | Role::Video => GROUP,
        })
    }

    /// The ARIA role that browsers tell of, given or the element's own.
    pub(crate) fn aria(self) -> &'static str {
        self.role.unwrap_or(match self.tag {
            Tag::Div => "generic",
            Tag::Button => "button",
            Tag::Input("range") => "slider",
            Tag::Input("search") => "searchbox",
            Tag::Input(_) | Tag::TextArea => "textbox",
        })
    }

    /// Whether browsers take what is in it for decoration, as ARIA has it ("children presentational").
    pub(crate) fn hides_contents(self) -> bool {
        !matches!(self.tag, Tag::Div)
            || matches!(
                self.aria(),
                "checkbox"
                    | "img"
                    | "link"
                    | "math"
                    | "menuitemcheckbox"
                    | "menuitemradio"
                    | "meter"
                    | "option"
                    | "progressbar"
                    | "radio"
                    | "scrollbar"
                    | "separator"
                    | "spinbutton"
                    | "switch"
                    | "tab"
            )
    }

    /// Whether this role may stand around children of these roles; ARIA allows some only theirs.
    pub(crate) fn admits(self, mut children: impl Iterator<Item = &'static str>) -> bool {
        let only: &[&str] = match self.aria() {
            "list" => &["listitem"],
            "listbox" => &["option", "group"],
            "menu" | "menubar" => {
                &["menuitem", "menuitemcheckbox", "menuitemradio", "group", "separator"]
            }
            "tablist" => &["tab"],
            "tree" => &["treeitem", "group"],
            "table" | "grid" | "treegrid" => &["row", "rowgroup"],
            "rowgroup" => &["row"],
            "row" => &["cell", "gridcell", "columnheader", "rowheader"],
            _ => return true,
        };
        let mut any = false;
        children.all(|child| {
            any = true;
            only.contains(&child)
        }) && any
    }

    /// What stands for this shape under that role, which may not be the one ARIA asks for.
    pub(crate) fn below(self, parent: &str) -> Self {
        let parents: &[&str] = match self.aria() {
            "listitem" => &["list"],
            "option" => &["listbox"],
            "menuitem" | "menuitemcheckbox" | "menuitemradio" => &["menu", "menubar"],
            "tab" => &["tablist"],
            "treeitem" => &["tree", "treeitem"],
            "rowgroup" => &["table", "grid", "treegrid"],
            "row" => &["table", "grid", "treegrid", "rowgroup"],
            "cell" | "columnheader" | "rowheader" | "gridcell" => &["row"],
            _ => return self,
        };
        if parents.contains(&parent) {
            return self;
        }
        match self.aria() {
            "option" | "menuitem" | "tab" | "treeitem" => BUTTON,
            "menuitemcheckbox" => div("checkbox", Naming::Text),
            "menuitemradio" => div("radio", Naming::Text),
            "row" | "rowgroup" => GROUP,
            _ => TEXT,
        }
    }
}
