#!/usr/bin/env python3
"""Writes the image, mask and map files that the tests of the readers read.

Nothing of Perch takes part: the writers are Pillow, NumPy, tifffile, Netpbm and ImageMagick, and for kinds of BMP that none of
these writes, the few lines below. Debian: python3-pil python3-numpy python3-tifffile netpbm imagemagick.

    python3 src-main/engine/readers/test/make-fixtures.py

Every file of a group holds the same picture, 24 x 16 pixels, of which expected.json has the values: `color` (8-bit RGB), `gray`
(8-bit), `gray16`, `palette` (8-bit RGB of 16 colors), `bits` (0 and 255), `map` (floating point).
"""
import json
import os
import struct
import subprocess
import numpy as np
import tifffile
from PIL import Image, ImageCms

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'fixtures')
os.makedirs(HERE, exist_ok=True)
W, H = 24, 16
random = np.random.RandomState(7)
y, x = np.mgrid[0:H, 0:W]
color = np.stack([20 + 9 * x, 15 + 14 * y, 240 - 5 * x - 6 * y], axis=2).astype('u1')
gray = (30 + 7 * x + 3 * y).astype('u1')
# The values of 8 bits spread over 16, so that files of both depths are the same picture.
gray16 = gray.astype('u2') * 257
color16 = color.astype('u2') * 257
table = np.array([[17 * i, 255 - 16 * i, (40 + 53 * i) % 256] for i in range(16)], 'u1')
indices = ((x // 2 + y // 3) % 16).astype('u1')
palette = table[indices]
bits = (((x // 3) + (y // 2)) % 2 * 255).astype('u1')
scores = (np.sin(x / 5) + np.cos(y / 3) + random.rand(H, W)).astype('f2').astype('f8')


def at(name):
    return os.path.join(HERE, name)


def save(image, name, **options):
    image.save(at(name), **options)


def run(command, name, source):
    with open(at(name), 'wb') as out:
        subprocess.run(command, input=source, stdout=out, check=True, stderr=subprocess.DEVNULL)


def pnm(array, maximum=255, text=False):
    channels = 3 if array.ndim == 3 else 1
    kind = {(1, False): 'P5', (3, False): 'P6', (1, True): 'P2', (3, True): 'P3'}[channels, text]
    head = f'{kind}\n# made by hand\n{W} {H}\n{maximum}\n'.encode()
    if text:
        return head + '\n'.join(' '.join(str(v) for v in row.ravel()) for row in array).encode() + b'\n'
    return head + array.astype('>u2' if maximum > 255 else 'u1').tobytes()


def write(name, data):
    with open(at(name), 'wb') as out:
        out.write(data)


# --- PNG, JPEG, WebP -------------------------------------------------------------------------------------------------------
save(Image.fromarray(color), 'color.png')
save(Image.fromarray(gray), 'gray.png')
save(Image.fromarray(bits).convert('1'), 'bits.png')
run(['pnmtopng', '-interlace'], 'color-interlaced.png', pnm(color))
run(['pnmtopng', '-force'], 'gray16.png', pnm(gray16, 65535))
run(['pnmtopng', '-force'], 'color16.png', pnm(color16, 65535))
indexed = Image.fromarray(indices, 'P')
indexed.putpalette(table.ravel().tolist())
save(indexed, 'palette.png', bits=4)
for depth in (2, 4):
    steps = 2 ** depth - 1
    levels = (x * 5 + y) % (steps + 1)
    run(['pnmtopng'], f'gray{depth}bit.png', pnm(levels.astype('u1'), steps))
rgba = np.dstack([color, np.full((H, W), 255, 'u1')])
save(Image.fromarray(rgba), 'color-opaque-alpha.png')
save(Image.fromarray(np.dstack([gray, np.full((H, W), 255, 'u1')]), 'LA'), 'gray-opaque-alpha.png')
clear = np.dstack([color, np.zeros((H, W), 'u1')])
save(Image.fromarray(clear), 'color-wholly-transparent.png')
transparent = indexed.copy()
save(transparent, 'palette-trns.png', bits=4, transparency=0)
save(Image.fromarray(color), 'color.webp', lossless=True)
save(Image.fromarray(color), 'color.jpg', quality=100, subsampling=0)
save(Image.fromarray(gray), 'gray.jfif', format='JPEG', quality=100)
save(Image.fromarray(color), 'color-progressive.jpe', format='JPEG', quality=100, subsampling=0, progressive=True)
save(Image.fromarray(color).convert('CMYK'), 'color-cmyk.jpg', quality=100)
exif = Image.Exif()
exif[0x0112] = 6
save(Image.fromarray(np.rot90(color, 1)), 'color-orientation6.jpg', quality=100, subsampling=0, exif=exif)
exif[0x0112] = 3
save(Image.fromarray(np.rot90(color, 2)), 'color-orientation3.jpg', quality=100, subsampling=0, exif=exif)

# --- A gray profile of gamma 1, at both depths --------------------------------------------------------------------------------
def linear_gray_profile():
    def tag(data):
        return data + b'\0' * (-len(data) % 4)
    parts = {
        b'desc': tag(b'desc' + struct.pack('>II', 0, 7) + b'linear\0' + b'\0' * 78),
        b'cprt': tag(b'text\0\0\0\0none\0'),
        b'wtpt': b'XYZ \0\0\0\0' + struct.pack('>iii', 63190, 65536, 54061),
        b'kTRC': tag(b'curv' + struct.pack('>IIH', 0, 1, 256)),
    }
    offset = 132 + 12 * len(parts)
    directory, body = b'', b''
    for name, data in parts.items():
        directory += name + struct.pack('>II', offset + len(body), len(data))
        body += data
    size = offset + len(body)
    header = struct.pack('>I4sI4s4s4s', size, b'lcms', 0x02100000, b'mntr', b'GRAY', b'XYZ ')
    header += struct.pack('>6H4s', 2026, 1, 1, 0, 0, 0, b'acsp') + b'\0' * 28 + struct.pack('>iii', 63190, 65536, 54061)
    header += b'\0' * (128 - len(header))
    return header + struct.pack('>I', len(parts)) + directory + body


profile = linear_gray_profile()
save(Image.fromarray(gray), 'gray-linear-profile.png', icc_profile=profile)
tifffile.imwrite(at('gray16-linear-profile.tif'), gray16, photometric='minisblack', metadata=None, extratags=[(34675, 7, len(profile), profile, True)])
srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile('sRGB')).tobytes()
save(Image.fromarray(color), 'color-srgb-profile.png', icc_profile=srgb)

# --- TIFF ------------------------------------------------------------------------------------------------------------------
def tiff(name, array, **options):
    tifffile.imwrite(at(name), array, metadata=None, **options)


tiff('color.tif', color, photometric='rgb')
tiff('color-big-endian.tif', color, photometric='rgb', byteorder='>')
tiff('color-bigtiff.tif', color, photometric='rgb', bigtiff=True)
tiff('color-deflate-tiles.tif', color, photometric='rgb', compression='zlib', tile=(16, 16))
tiff('color-deflate-strips.tif', color, photometric='rgb', compression='zlib', rowsperstrip=5)
tiff('color-planar.tif', np.moveaxis(color, 2, 0), photometric='rgb', planarconfig='separate')
save(Image.fromarray(color), 'color-lzw.tif', compression='tiff_lzw')
save(Image.fromarray(color), 'color-packbits.tif', compression='packbits')
save(Image.fromarray(bits).convert('1'), 'bits-g4.tif', compression='group4')
save(indexed, 'palette.tif')
tiff('gray.tif', gray, photometric='minisblack')
tiff('gray-white-is-zero.tif', 255 - gray, photometric='miniswhite')
tiff('gray16.tif', gray16, photometric='minisblack')
tiff('gray16-big-endian.tif', gray16, photometric='minisblack', byteorder='>')
tiff('color16.tif', color16, photometric='rgb')
for depth in (10, 12, 14):
    tiff(f'gray{depth}in16.tif', np.rint(gray / 255 * (2 ** depth - 1)).astype('u2'), photometric='minisblack')
tiff('color-and-nir.tif', np.dstack([color, gray // 2]), photometric='rgb', extrasamples=['unspecified'])
tiff('color-and-two.tif', np.dstack([color, gray // 2, gray // 3]), photometric='rgb', extrasamples=['unspecified'] * 2)
tiff('color-and-four.tif', np.dstack([color, gray // 2, gray // 3, gray, gray // 4]), photometric='rgb', extrasamples=['unspecified'] * 4)
tiff('color-planar-tiles.tif', np.moveaxis(color, -1, 0), photometric='rgb', planarconfig='separate', tile=(16, 16))
tiff('seventeen-bands.tif', np.dstack([gray] * 17), photometric='minisblack', planarconfig='contig')
tiff('gray-and-one.tif', np.dstack([gray, gray // 2]), photometric='minisblack', extrasamples=['unspecified'])
tiff('gray-opaque-alpha.tif', np.dstack([gray, np.full((H, W), 255, 'u1')]), photometric='minisblack', extrasamples=['unassalpha'])
tiff('gray16-opaque-alpha.tif', np.dstack([gray16, np.full((H, W), 65535, 'u2')]), photometric='minisblack', extrasamples=['unassalpha'])
tiff('cielab.tif', color, photometric='cielab')
tiff('color-opaque-alpha.tif', rgba, photometric='rgb', extrasamples=['unassalpha'])
pages = [gray, np.flipud(gray), gray // 2]
with tifffile.TiffWriter(at('pages.tif')) as out:
    for page in pages:
        out.write(page, photometric='minisblack', metadata=None)
tifffile.imwrite(at('imagej-stack.tif'), np.stack(pages), imagej=True)
tifffile.imwrite(at('imagej-truncated.tif'), np.stack(pages), imagej=True, truncate=True)
with tifffile.TiffWriter(at('thumbnail-first.tif')) as out:
    out.write(gray[::4, ::4], photometric='minisblack', metadata=None, subfiletype=1)
    out.write(gray, photometric='minisblack', metadata=None)
tiff('float.tif', gray.astype('f4') / 255, photometric='minisblack')

for depth in (2, 4):
    steps = 2 ** depth - 1
    run(['pamtotiff', '-none'], f'gray{depth}bit.tif', pnm(((x * 5 + y) % (steps + 1)).astype('u1'), steps))
save(Image.fromarray(color), 'color-jpeg.tif', compression='jpeg', quality=100)
save(Image.fromarray(np.rot90(color, 1)), 'color-orientation6.tif', tiffinfo={274: 6})
tiff('signed.tif', gray.astype('i2'), photometric='minisblack')
tiff('wide.tif', gray.astype('u4'), photometric='minisblack')

# --- Animations, and what is refused ---------------------------------------------------------------------------------------------
frames = [Image.fromarray(color), Image.fromarray(np.flipud(color).copy())]
save(frames[0], 'animation.webp', save_all=True, append_images=frames[1:], lossless=True)
save(frames[0], 'animation.png', save_all=True, append_images=frames[1:])
save(frames[0], 'color-lossy.webp', quality=100)
save(frames[0], 'color.gif')
write('color.pam', f'P7\nWIDTH {W}\nHEIGHT {H}\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n'.encode() + color.tobytes())

# --- Netpbm ----------------------------------------------------------------------------------------------------------------
write('gray.pgm', pnm(gray))
write('color.ppm', pnm(color))
write('gray-text.pgm', pnm(gray, text=True))
write('color-text.ppm', pnm(color, text=True))
write('gray16.pgm', pnm(gray16, 65535))
write('color16.ppm', pnm(color16, 65535))
write('gray12.pgm', pnm(np.rint(gray / 255 * 4095), 4095))
run(['pgmtopbm', '-threshold'], 'bits.pbm', pnm(bits))
run(['pnmtoplainpnm'], 'bits-text.pbm', open(at('bits.pbm'), 'rb').read())

# --- BMP -------------------------------------------------------------------------------------------------------------------
save(Image.fromarray(gray), 'gray.bmp')
save(Image.fromarray(color), 'color24.bmp')
save(Image.fromarray(bits).convert('1'), 'bits.bmp')
save(indexed, 'palette8.bmp')
save(Image.fromarray(rgba), 'color32-v3.bmp')
for options, name in (([], 'netpbm24.bmp'), (['-os2'], 'os2-24.bmp')):
    run(['ppmtobmp', *options], name, pnm(color))
run(['ppmtobmp', '-windows'], 'palette4.bmp', pnm(palette))
run(['ppmtobmp', '-os2'], 'os2-palette4.bmp', pnm(palette))
run(['ppmtobmp', '-os2'], 'os2-gray8.bmp', pnm(gray))
run(['convert', 'ppm:-', '-type', 'TrueColor', '-define', 'bmp:subtype=RGB565', 'bmp:-'], 'color-565-magick.bmp', pnm(color))
run(['convert', 'ppm:-', '-type', 'TrueColor', '-define', 'bmp:subtype=RGB555', 'bmp:-'], 'color-555-magick.bmp', pnm(color))
run(['convert', 'ppm:-', '-type', 'Palette', '-compress', 'RLE', 'bmp:-'], 'palette-rle8-magick.bmp', pnm(palette))
run(['convert', 'ppm:-', '-alpha', 'on', '-define', 'bmp:format=bmp4', 'bmp:-'], 'color32-v4-magick.bmp', pnm(color))


def rows(array, row_bytes, top_down=False):
    stride = (row_bytes(array[0:1]).__len__() + 3) // 4 * 4
    order = array if top_down else array[::-1]
    return b''.join(row_bytes(row[None]).ljust(stride, b'\0') for row in order)


def bmp(name, data, bits, *, compression=0, head=40, colors=None, masks=b'', gap=0, top_down=False, extra=b'', os2=False):
    height = -H if top_down else H
    if head == 12:
        info = struct.pack('<IHHHH', 12, W, H, 1, bits)
    else:
        used = 0 if colors is None else len(colors)
        info = struct.pack('<IiiHHIIiiII', head, W, height, 1, bits, compression, len(data), 2835, 2835, used, 0)
        info = (info + extra)[:head].ljust(head, b'\0')
    entry = 3 if head == 12 else 4
    table_bytes = b''.join(bytes(c[::-1]).ljust(entry, b'\0') for c in (colors if colors is not None else []))
    offset = 14 + len(info) + len(masks) + len(table_bytes) + gap
    write(name, struct.pack('<2sIHHI', b'BM', offset + len(data), 0, 0, offset) + info + masks + table_bytes + b'\xaa' * gap + data)


bgr = rows(color[:, :, ::-1], lambda row: row.tobytes())
bmp('color24-gap.bmp', bgr, 24, gap=100)
bmp('color24-top-down.bmp', rows(color[:, :, ::-1], lambda row: row.tobytes(), True), 24, top_down=True)
four = lambda row: bytes((row[0, i] << 4) | row[0, i + 1] for i in range(0, W, 2))
bmp('palette4-top-down.bmp', rows(indices, four, True), 4, colors=table, top_down=True)
bmp('palette8-few-colors.bmp', rows(indices, lambda row: row.tobytes()), 8, colors=table)
bmp('os2-core-palette8.bmp', rows(indices, lambda row: row.tobytes()), 8, head=12, colors=[*table] + [[0, 0, 0]] * 240)
bmp('os2-v2-palette8.bmp', rows(indices, lambda row: row.tobytes()), 8, head=64, colors=table)
wide = color.astype('u4')
def packed(shifts, depths, size):
    value = sum((np.rint(wide[:, :, c] / 255 * (2 ** depths[c] - 1)).astype('u4') << shifts[c]) for c in range(3))
    return rows(value.astype(size), lambda row: row.tobytes())
def fields(shifts, depths, alpha=None):
    values = [((1 << d) - 1) << s for s, d in zip(shifts, depths)]
    return struct.pack(f'<{len(values) + (alpha is not None)}I', *values, *([] if alpha is None else [alpha]))
bmp('color-555.bmp', packed((10, 5, 0), (5, 5, 5), '<u2'), 16)
bmp('color-565.bmp', packed((11, 5, 0), (5, 6, 5), '<u2'), 16, compression=3, masks=fields((11, 5, 0), (5, 6, 5)))
bmp('color32-bitfields.bmp', packed((0, 8, 16), (8, 8, 8), '<u4'), 32, compression=3, masks=fields((0, 8, 16), (8, 8, 8)))
bmp('color32-10bit.bmp', packed((20, 10, 0), (10, 10, 10), '<u4'), 32, compression=3, masks=fields((20, 10, 0), (10, 10, 10)))
opaque = np.dstack([color[:, :, ::-1], np.full((H, W), 255, 'u1')])
alpha_fields = fields((16, 8, 0), (8, 8, 8), 0xff000000)
bmp('color32-alphabitfields.bmp', rows(opaque, lambda row: row.tobytes()), 32, compression=6, masks=alpha_fields)
for size, name in ((108, 'v4'), (124, 'v5')):
    bmp(f'color32-{name}.bmp', rows(opaque, lambda row: row.tobytes()), 32, compression=3, head=size, extra=alpha_fields + b'BGRs')
bmp('color32-unused-alpha.bmp', rows(np.dstack([color[:, :, ::-1], gray]), lambda row: row.tobytes()), 32)


def rle8(rows_of):
    """Runs, literals and a delta: the first half of a row as runs, the rest as one literal run."""
    out = b''
    for row in rows_of:
        at_ = 0
        while at_ < W // 2:
            end = at_
            while end < W // 2 and row[end] == row[at_]:
                end += 1
            out += bytes([end - at_, row[at_]])
            at_ = end
        rest = row[at_:]
        out += bytes([0, len(rest)]) + rest.tobytes() + (b'\0' if len(rest) % 2 else b'')
        out += b'\0\0'
    return out + b'\0\1'


def rle4(rows_of):
    out = b''
    for row in rows_of:
        for i in range(0, W // 2, 2):
            out += bytes([2, (row[i] << 4) | row[i + 1]])
        rest = row[W // 2:]
        out += bytes([0, len(rest)]) + bytes((rest[i] << 4) | rest[i + 1] for i in range(0, len(rest), 2))
        out += b'\0' if (len(rest) // 2) % 2 else b''
        out += b'\0\0'
    return out + b'\0\1'


bmp('palette-rle8.bmp', rle8(indices[::-1]), 8, compression=1, colors=table)
bmp('palette-rle4.bmp', rle4(indices[::-1]), 4, compression=2, colors=table)
# A square in the middle, reached by deltas; all else is color 0.
bmp('delta-rle8.bmp', b'\0\2\4\3' + b'\3\1\0\2\1\0' + b'\3\2' + b'\0\1', 8, compression=1, colors=table)

# --- Masks -----------------------------------------------------------------------------------------------------------------
defect = ((x >= 6) & (x < 14) & (y >= 4) & (y < 10)).astype('u1')
soft = np.rint(255 * np.clip(np.minimum.reduce([x - 3, 16 - x, y - 1, 12 - y]) / 5, 0, 1))


def mask(name, array, **options):
    save(Image.fromarray(array), 'mask-' + name, **options)


mask('0-255.png', defect * 255)
mask('0-1.png', defect)
mask('0-2.png', defect * (1 + (x > 9)).astype('u1'))
mask('1bit.png', defect.astype(bool))
mask('0-1.bmp', defect)
tiff('mask-16bit-0-1.tif', defect.astype('u2'), photometric='minisblack')
tiff('mask-16bit-background-600.tif', np.where(defect, 65535, 600).astype('u2'), photometric='minisblack')
tiff('mask-12in16.tif', defect.astype('u2') * 4095, photometric='minisblack')
tiff('mask-int32.tif', (defect * (1 + x // 3)).astype('i4'), photometric='minisblack')
tiff('mask-float255.tif', soft.astype('f4'), photometric='minisblack')
tiff('mask-float.tif', defect.astype('f4'), photometric='minisblack')
mask('soft.png', soft.astype('u1'))
tiff('mask-soft16.tif', (soft * 257).astype('u2'), photometric='minisblack')
with tifffile.TiffWriter(at('mask-pages.tif')) as out:
    for page in (defect * 255, defect * 0, np.flipud(defect) * 255):
        out.write(page, photometric='minisblack', metadata=None, compression='zlib')
voc = Image.fromarray(defect * 8, 'P')
voc.putpalette([0, 0, 0] * 8 + [64, 0, 0] + [0, 0, 0] * 247)
save(voc, 'mask-voc.png')
mask('alpha-only.png', np.dstack([np.zeros((H, W, 3), 'u1'), defect * 255]))
mask('red-40-percent.png', np.dstack([defect * 255, defect * 0, defect * 0, defect * 102]))
save(Image.fromarray(np.dstack([defect * 0, defect * 255]), 'LA'), 'mask-gray-alpha-only.png')
tiff('mask-gray-alpha.tif', np.dstack([defect * 255, defect * 0 + 255]), photometric='minisblack', extrasamples=['unassalpha'])
mask('rgb.png', np.dstack([defect * 200, defect * 0, defect * 0]))
mask('quality90.jpg', defect * 255, quality=90)
mask('inverted.png', (1 - defect) * 255)
mask('black.png', defect * 0)
write('mask.pgm', pnm(defect * 255))

# --- Maps ------------------------------------------------------------------------------------------------------------------
def npy(name, array, version=(1, 0)):
    with open(at(name), 'wb') as out:
        np.lib.format.write_array(out, array, version=version)


steps = np.rint(scores * 100).astype('i4')
for kind in ('f2', 'f4', 'f8'):
    npy(f'map-{kind}.npy', scores.astype('<' + kind))
    npy(f'map-{kind}-big-endian.npy', scores.astype('>' + kind))
for kind in ('i1', 'u1', 'i2', 'u2', 'i4', 'u4', 'i8', 'u8'):
    values = np.abs(steps) % 100 if kind[0] == 'u' else steps % 100 - 50
    npy(f'map-{kind}.npy', values.astype('<' + kind))
npy('map-bool.npy', defect.astype(bool))
npy('map-fortran.npy', np.asfortranarray(scores.astype('f4')))
npy('map-version2.npy', scores.astype('f4'), (2, 0))
npy('map-version3.npy', scores.astype('f4'), (3, 0))
npy('map-1hw.npy', scores.astype('f4')[None])
npy('map-hw1.npy', scores.astype('f4')[:, :, None])
npy('map-2hw.npy', np.stack([scores, scores]).astype('f4'))
npy('map-complex.npy', scores.astype('c8'))
npy('map-precise.npy', 1 - 1e-9 * (10 - scores))
broken = scores.astype('f4')
broken[3, 5] = np.nan
npy('map-nan.npy', broken)
for kind, order in (('f2', '<'), ('f2', '>'), ('f4', '<'), ('f8', '<'), ('f8', '>')):
    suffix = '-big-endian' if order == '>' else ''
    tiff(f'map-{kind}{suffix}.tif', scores.astype(kind), photometric='minisblack', byteorder=order)
tiff('map-f2-deflate.tif', scores.astype('f2'), photometric='minisblack', compression='zlib')
tiff('map-f2-tiles.tif', scores.astype('f2'), photometric='minisblack', compression='zlib', tile=(16, 16))
tiff('map-u1.tif', gray, photometric='minisblack')
# The floating point predictor, which libtiff writes through ImageMagick.
subprocess.run(['convert', at('map-f4.tif'), '-define', 'quantum:format=floating-point', '-depth', '32', '-define', 'tiff:predictor=3',
                '-compress', 'zip', at('map-f4-predictor.tif')], check=True, stderr=subprocess.DEVNULL)

# --- One texture with a defect, in 16 levels of gray, in every format that can hold it ------------------------------------------
HERE = os.path.join(HERE, 'same')
os.makedirs(HERE, exist_ok=True)
W, H = 80, 64
y, x = np.mgrid[0:H, 0:W]
levels = np.rint(7 + 4 * np.sin(x / 2) * np.cos(y / 3) + random.rand(H, W) * 2).astype('u1')
levels[24:36, 44:60] = np.where((x + y)[24:36, 44:60] % 4 < 2, 1, 14)
levels[0, :2] = (0, 15)
same = levels * 17
same_color = np.dstack([same] * 3)
same16 = same.astype('u2') * 257
grays = np.array([[17 * i] * 3 for i in range(16)], 'u1')
indexed = Image.fromarray(levels, 'P')
indexed.putpalette(grays.ravel().tolist())
for name, image in (('gray', Image.fromarray(same)), ('color', Image.fromarray(same_color))):
    save(image, f'{name}.png')
    save(image, f'{name}.bmp')
    save(image, f'{name}.tif', compression='tiff_lzw')
    save(image, f'{name}.jpg', quality=100, subsampling=0)
    save(image, f'{name}-netpbm.{"pgm" if name == "gray" else "ppm"}', format='PPM')
save(Image.fromarray(same_color), 'color.webp', lossless=True)
save(Image.fromarray(same), 'gray.jfif', format='JPEG', quality=100)
save(Image.fromarray(same_color).convert('CMYK'), 'cmyk.jpg', quality=100)
save(Image.fromarray(np.dstack([same_color, np.full((H, W), 255, 'u1')])), 'alpha.png')
exif[0x0112] = 6
save(Image.fromarray(np.rot90(same, 1)), 'orientation6.jpg', quality=100, exif=exif)
save(indexed, 'palette4.png', bits=4)
save(indexed, 'palette8.png', bits=8)
run(['pnmtopng'], 'gray4.png', pnm(levels, 15))
run(['pnmtopng', '-force'], 'gray16.png', pnm(same16, 65535))
write('gray-text.pgm', pnm(same, text=True))
write('gray4.pgm', pnm(levels, 15))
write('gray12.pgm', pnm(levels.astype('u2') * 273, 4095))
write('gray16.pgm', pnm(same16, 65535))
tiff('gray16.tif', same16, photometric='minisblack', byteorder='>', compression='zlib', tile=(32, 32))
tiff('color16.tif', same_color.astype('u2') * 257, photometric='rgb', compression='zlib')
for depth in (10, 12, 14):
    tiff(f'gray{depth}in16.tif', np.rint(levels / 15 * (2 ** depth - 1)).astype('u2'), photometric='minisblack', compression='zlib')
tiff('color-and-nir.tif', np.dstack([same_color, 255 - same]), photometric='rgb', extrasamples=['unspecified'], compression='zlib')
tiff('pages.tif', np.stack([same, same]), photometric='minisblack', compression='zlib')
bmp('gray4.bmp', rows(levels, four), 4, colors=grays)
bmp('gray4-rle.bmp', rle4(levels[::-1]), 4, compression=2, colors=grays)
bmp('gray8-rle.bmp', rle8(levels[::-1]), 8, compression=1, colors=grays)
bmp('os2.bmp', rows(levels, lambda row: row.tobytes()), 8, head=12, colors=[*grays] + [[0, 0, 0]] * 240)
bmp('top-down32.bmp', rows(np.dstack([same_color, same]), lambda row: row.tobytes(), True), 32, top_down=True)

HERE = os.path.dirname(HERE)
W, H = 24, 16
with open(at('expected.json'), 'w') as out:
    values = {'color': color, 'gray': gray, 'palette': palette, 'bits': bits, 'map': scores, 'steps': steps, 'defect': defect}
    json.dump({'width': W, 'height': H, **{k: v.ravel().tolist() for k, v in values.items()}}, out, separators=(',', ':'))
    out.write('\n')
