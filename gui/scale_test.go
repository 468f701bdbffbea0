package gui

import (
	"image"

	"fyne.io/fyne/v2/test"
)

// side is that of the squares that pictures are compared by, in the window's units. A letter fills about one.
const side = 20

// alike is how much the brightness of a square may differ. At 0.8 the edge of a dark button may be one and a half pixels elsewhere, which is
// about 20; a word that is missing is more than 30.
const alike = 24

// sameAtEveryScale draws what is in the window at several scales, and compares the pictures, square by square, with that at
// scale 1: nothing may be missing, cut or elsewhere.
func (s *stage) sameAtEveryScale(where string) {
	s.t.Helper()
	c := s.win.Canvas().(test.WindowlessCanvas)
	defer c.SetScale(1)
	single := c.Capture().(*image.NRGBA)
	for _, scale := range []float32{0.8, 1.5, 2} {
		c.SetScale(scale)
		scaled := c.Capture().(*image.NRGBA)
		for y := 0; y+side <= single.Rect.Dy(); y += side {
			for x := 0; x+side <= single.Rect.Dx(); x += side {
				one := brightness(single, x, y, side)
				other := brightness(scaled, int(float32(x)*scale), int(float32(y)*scale), int(side*scale))
				if one-other > alike || other-one > alike {
					s.t.Errorf("%s: at scale %g it is not the same at %d, %d", where, scale, x, y)
				}
			}
		}
	}
}

// brightness is that of a square, from 0 to 255.
func brightness(p *image.NRGBA, left, top, side int) int {
	sum := 0
	for y := top; y < top+side; y++ {
		row := p.Pix[p.PixOffset(left, y):]
		for i := 0; i < 4*side; i += 4 {
			sum += int(row[i]) + int(row[i+1]) + int(row[i+2])
		}
	}
	return sum / (3 * side * side)
}
