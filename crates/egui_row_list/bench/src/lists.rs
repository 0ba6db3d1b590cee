//! The lists that are compared. All of them draw the same row.

use egui::{Align, Context, Layout, ScrollArea, Ui, UiBuilder};
use egui_extras::{Column, TableBuilder};
use egui_row_list::{RowList, RowListState};
use egui_table::{CellInfo, HeaderCellInfo, Table, TableDelegate};
use egui_virtual_list::VirtualList;

/// The height of a row in points.
pub(crate) const ROW: f32 = 20.0;

/// Which of the lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    RowList,
    /// The same, while a screen reader listens.
    RowListHeard,
    ShowRows,
    TableBuilder,
    Table,
    VirtualList,
}

impl Which {
    pub(crate) const ALL: [Self; 6] = [
        Self::RowList,
        Self::RowListHeard,
        Self::ShowRows,
        Self::TableBuilder,
        Self::Table,
        Self::VirtualList,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::RowList => "egui_row_list",
            Self::RowListHeard => "with AccessKit",
            Self::ShowRows => "show_rows",
            Self::TableBuilder => "TableBuilder",
            Self::Table => "egui_table",
            Self::VirtualList => "egui_virtual_list",
        }
    }
}

/// One list, with what it remembers.
pub(crate) struct List {
    which: Which,
    count: u64,
    row_list: RowListState,
    virtual_list: VirtualList,
    /// A row that is to be scrolled to the upper edge.
    pub(crate) go_to: Option<u64>,
    /// The rows that were drawn in the last frame, and their upper edges.
    pub(crate) drawn: Vec<(u64, f32)>,
}

impl List {
    pub(crate) fn new(which: Which, count: u64) -> Self {
        let row_list = RowListState::new();
        let virtual_list = VirtualList::new();
        Self { which, count, row_list, virtual_list, go_to: None, drawn: Vec::new() }
    }

    pub(crate) fn set_up(&self, ctx: &Context) {
        if self.which == Which::RowListHeard {
            ctx.enable_accesskit();
        }
    }

    pub(crate) fn show(&mut self, ui: &mut Ui) {
        // So that in all lists the rows are twenty points apart.
        ui.spacing_mut().item_spacing.y = 0.0;
        self.drawn.clear();
        let go_to = self.go_to.take();
        let count = usize::try_from(self.count).unwrap_or(usize::MAX);
        let drawn = &mut self.drawn;
        match self.which {
            Which::RowList | Which::RowListHeard => {
                if let Some(row) = go_to {
                    self.row_list.scroll_to(row, Some(Align::Min));
                }
                let list = RowList::new("list", 0..self.count, ROW);
                list.show(ui, &mut self.row_list, |ui, row, _| draw(ui, row, drawn));
            }
            Which::ShowRows => {
                let mut area = ScrollArea::vertical().auto_shrink(false);
                if let Some(row) = go_to {
                    area = area.vertical_scroll_offset(row as f32 * ROW);
                }
                area.show_rows(ui, ROW, count, |ui, rows| {
                    for row in rows {
                        in_row(ui, row as u64, drawn);
                    }
                });
            }
            Which::TableBuilder => {
                let width = ui.available_width();
                let mut table = TableBuilder::new(ui)
                    .auto_shrink(false)
                    .cell_layout(Layout::left_to_right(Align::Center))
                    .column(Column::exact(width));
                if let Some(row) = go_to {
                    table = table.vertical_scroll_offset(row as f32 * ROW);
                }
                table.body(|body| {
                    body.rows(ROW, count, |mut row| {
                        let number = row.index() as u64;
                        row.col(|ui| draw(ui, number, drawn));
                    });
                });
            }
            Which::Table => {
                let width = ui.available_width();
                let column = egui_table::Column::new(width).resizable(false);
                let mut table = Table::new().num_rows(self.count).columns([column]).headers([]);
                if let Some(row) = go_to {
                    table = table.scroll_to_row(row, Some(Align::Min));
                }
                table.show(ui, &mut Cells(drawn));
            }
            Which::VirtualList => {
                let mut area = ScrollArea::vertical().auto_shrink(false);
                if let Some(row) = go_to {
                    area = area.vertical_scroll_offset(row as f32 * ROW);
                }
                area.show(ui, |ui| {
                    self.virtual_list.ui_custom_layout(ui, count, |ui, row| {
                        in_row(ui, row as u64, drawn);
                        1
                    });
                });
            }
        }
    }
}

struct Cells<'a>(&'a mut Vec<(u64, f32)>);

impl TableDelegate for Cells<'_> {
    fn header_cell_ui(&mut self, _: &mut Ui, _: &HeaderCellInfo) {}

    fn cell_ui(&mut self, ui: &mut Ui, cell: &CellInfo) {
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            draw(ui, cell.row_nr, self.0);
        });
    }

    fn default_row_height(&self) -> f32 {
        ROW
    }
}

/// A row where the list leaves it to the caller to place it.
fn in_row(ui: &mut Ui, row: u64, drawn: &mut Vec<(u64, f32)>) {
    let (_, rect) = ui.allocate_space(egui::vec2(ui.available_width(), ROW));
    let builder = UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center));
    draw(&mut ui.new_child(builder), row, drawn);
}

/// What a row of a log is. No text of it depends on the row, so that everywhere the same is drawn.
fn draw(ui: &mut Ui, row: u64, drawn: &mut Vec<(u64, f32)>) {
    drawn.push((row, ui.max_rect().top()));
    for text in ["12:34:56.789", "in", "text", "1.2 kB"] {
        label(ui, text);
    }
    label(
        ui,
        "{\"event\":\"trade\",\"symbol\":\"BTC-USD\",\"price\":\"64123.55\",\"size\":\"0.0132\"}",
    );
}

fn label(ui: &mut Ui, text: &str) {
    // As in most tables. Text that can be marked costs more.
    ui.add(egui::Label::new(text).selectable(false));
}
