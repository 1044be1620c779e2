# Draws what experiments/smoothness has found: accuracies against the factor of the regulariser.
set terminal svg size 640,400 dynamic background rgb 'white' font 'sans,13'
set output plot_file
set datafile separator ','
set key bottom right
set xlabel 'factor of the regulariser (equation 6)'
set ylabel 'accuracy, %'
set grid ytics
set offsets 0.3, 0.3, 2, 2
# A factor of 0 has no place on a logarithmic axis: factors are steps.
plot table using 0:2:xticlabels(1) skip 1 with linespoints lw 2 pt 7 lc rgb '#222222' title 'original', \
     table using 0:6 skip 1 with linespoints lw 2 pt 5 lc rgb '#1f77b4' title 'NeRN, hidden size 140', \
     table using 0:5 skip 1 with linespoints lw 2 pt 9 lc rgb '#d62728' title 'NeRN, hidden size 100'
