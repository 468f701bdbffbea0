package gui

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/gui/words"
)

// exportNow returns what asks for a folder, and writes the list of connections there as a table, without secrets; nil while not all are known.
func (u *UI) exportNow() func() {
	if len(u.connections.all) == 0 || u.loader.reading.running {
		return nil
	}
	return func() { u.chooseFolder(words.Text("export.title"), u.export, u.unwritten) }
}

// export writes the table beside the window, and says where it is, or why it is not.
func (u *UI) export(folder string) {
	now, all := u.work.now(), slices.Clone(u.connections.all) // checks write into it
	u.work.start(func(context.Context) {
		rows := make([]connector.Row, len(all))
		for i, c := range all {
			rows[i] = connector.RowOf(c, now)
		}
		var table strings.Builder
		err := connector.WriteCSV(&table, rows)
		var file string
		if err == nil {
			file, err = writeNew(folder, "connections "+now.Format("2006-01-02"), ".csv", table.String())
		}
		u.work.do(func() {
			if err != nil {
				u.unwritten(err)
				return
			}
			u.tell(noted{words.Text("export.done", words.Facts{"Count": strconv.Itoa(len(rows)), "File": file})})
		})
	})
}

// unwritten says why the table could not be written.
func (u *UI) unwritten(err error) {
	u.say(words.Text("export.failed_title"), words.Text("export.failed", words.Facts{"Why": whyUnwritten(err)}))
}
